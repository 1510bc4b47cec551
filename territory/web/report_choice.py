"""What the report page may show: its periods, its profiles, for whom; and what was asked of it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from territory.analysis.report.realised import days_of
from territory.analysis.report.spans import SINCE, spans_with
from territory.errors import TerritoryError
from territory.io.report_profiles import profile_codes, read_profile
from territory.model.marked import marked
from territory.settings import FILE_NAME
from territory.web.office import built_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from territory.web.shelf import Holdings

TEAM = "equipe"
_HALVES = {"S1": marked("premier semestre %(year)s"), "S2": marked("second semestre %(year)s")}


@dataclass(frozen=True, slots=True)
class Choice:
    """
    What is shown: a span by its name, a profile by its code or file, and whether for `outside`.

    `stamp` tells one state of a profile of the folder from another.
    """

    span: str
    profile: str
    outside: bool
    stamp: int = 0

    @property
    def query(self) -> str:
        """The address that shows the same thing, without its path."""
        asked = {"periode": self.span, "profil": self.profile}
        return urlencode(asked if self.outside else {**asked, "pour": TEAM})


@dataclass(frozen=True, slots=True)
class Choices:
    """The periods that hold activities and the profiles there are, by their French names."""

    spans: Mapping[str, str]
    profiles: Mapping[str, str]
    stamps: Mapping[str, int]


def choices_of(held: Holdings) -> Choices:
    """
    Return the periods and the profiles that the page offers, the usual ones first.

    Raises HTTPException 404 before the first build.
    """
    folder, stamps = held.territory.folder, _stamps(held.territory.folder)
    usual = held.territory.settings.report.profile
    key = ("profils", tuple(stamps.items()))
    return Choices(
        held.once("périodes", lambda: _spans(held)),
        held.once(key, lambda: _profiles(folder, usual, stamps)),
        stamps,
    )


def chosen(choices: Choices, span: str, profile: str, audience: str) -> Choice:
    """Return what was asked, the latest year and the usual profile for what is not offered."""
    years = [name for name in choices.spans if name.isdecimal()]
    usual_span = years[0] if years else next(iter(choices.spans), "")
    code = profile if profile in choices.profiles else next(iter(choices.profiles))
    return Choice(
        span if span in choices.spans else usual_span,
        code,
        audience != TEAM,
        choices.stamps.get(code, 0),
    )


def _spans(held: Holdings) -> dict[str, str]:
    today = held.territory.today
    days = days_of(built_of(held).table("activities"), today)
    names = spans_with(days, held.territory.settings.report.launch) or (str(today.year),)
    return {name: _span_name(name) for name in names}


def _span_name(name: str) -> str:
    if name == SINCE:
        return marked("depuis le lancement")
    year, _, half = name.partition("-")
    return marked(_HALVES[half], year=year) if half else marked("année %(year)s", year=year)


def _stamps(folder: Path) -> dict[str, int]:
    """Return the TOML files of the folder that may be profiles, with when each changed."""
    files = sorted(p for p in folder.glob("*.toml") if p.name != FILE_NAME)
    return {path.name: path.stat().st_mtime_ns for path in files}


def _profiles(folder: Path, usual: str, stamps: Mapping[str, int]) -> dict[str, str]:
    """Return the profiles that can be read by their code or file, the usual one first."""
    found = {}
    for code in dict.fromkeys((usual, *profile_codes(), *stamps)):
        with suppress(TerritoryError):  # a file of another use, or one that the command refuses
            found[code] = read_profile(code, folder).name
    return found
