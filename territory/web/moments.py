"""Moments of the base, told as people say them."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from territory.web.translations import FRENCH, Tongue

_HOUR_MIN = 60


def spoken_moment(at_s: float, zone: tzinfo | None = None, tongue: Tongue = FRENCH) -> str:
    """
    Return seconds since 1970 (UTC) as « jeudi 26 novembre 2026 à 14 h 05 ».

    `zone` None stands for the time of this machine.
    """
    there = datetime.fromtimestamp(at_s, UTC).astimezone(zone)
    hour = tongue.figures.clock(there.hour * _HOUR_MIN + there.minute)
    return tongue.say("%(day)s à %(hour)s", day=tongue.figures.long_date(there.date()), hour=hour)
