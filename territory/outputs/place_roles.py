"""What each place is in a choice of permanences, in plain words: held, proposed, asked for..."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from territory.model.requests import Ask

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from territory.model.requests import Decision
    from territory.model.results import SitePlan

HELD, PROPOSED, CANDIDATE = "permanence d'aujourd'hui", "permanence proposée", "lieu possible"
REQUIRED, FORBIDDEN, CLOSING = "lieu demandé", "lieu écarté", "permanence qui fermerait"
ORDER = (PROPOSED, CLOSING, HELD, REQUIRED, FORBIDDEN, CANDIDATE)  # what is said of several


def place_roles(
    options: pd.DataFrame, plan: SitePlan, asked: Mapping[str, Ask], chosen: Sequence[int]
) -> pd.Series:
    """
    Return the role of each place that may be named [place_id], the first of ORDER that holds.

    `options` come from `slot_options`, `chosen` are positions of them, `asked` from `asked_places`.
    """
    shown = options[options["named"]]
    roles = pd.Series(CANDIDATE, index=pd.Index(sorted(set(shown["place_id"])), name="place_id"))
    kept = set(options.iloc[list(chosen)]["place_id"])
    held = set(shown.loc[shown["present"], "place_id"])
    words = {
        FORBIDDEN: {p for p, kind in asked.items() if kind is Ask.FORBID},
        REQUIRED: {p for p, kind in asked.items() if kind is Ask.REQUIRE},
        HELD: held & kept,
        CLOSING: held - kept,
        PROPOSED: {site.place_id for site in plan.sites} - held,
    }
    for word, places in words.items():
        roles[roles.index.isin(places)] = word
    return roles


def asked_places(
    decisions: Iterable[Decision], required: Iterable[str], forbidden: Iterable[str]
) -> dict[str, Ask]:
    """
    Return what is asked of each whole place [place_id] or of a half-day of it, the last word kept.

    `required` and `forbidden` are ids of the settings, « place:half-day » or the place alone.
    """
    asked = {name.partition(":")[0]: Ask.REQUIRE for name in required}
    asked |= {name: Ask.FORBID for name in forbidden if ":" not in name}
    for one in decisions:
        if one.kind is Ask.REQUIRE or (one.kind is Ask.FORBID and one.slot is None):
            asked[one.place_id] = one.kind
    return asked
