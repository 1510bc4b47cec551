"""The four questions across territories, each from the views of the dataset to a told table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from territory.analysis.disclosure import K_PUBLIC
from territory.batch.across_compare import compared
from territory.batch.across_extension import chosen_quarters
from territory.batch.across_indicators import (
    DEPARTMENT,
    LEVELS,
    NETWORK,
    TERRITORY,
    counted_once,
    hidden_territories,
    summed,
)
from territory.batch.across_rank import ranked
from territory.errors import NoAnswer, WrongUsage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from territory.analysis.funnel import Funnel
    from territory.batch.across import Asked
    from territory.batch.across_extension import Rule
    from territory.model.results import SiteOutcome

QUARTERS, ZONES = "quartiers", "zones"
WALK_MIN = 15.0  # a permanence serves who walks that long, for all territories alike


@dataclass(frozen=True, slots=True)
class Scope:
    """Which territories a question is about: a département, a network of teams; empty is all."""

    department: str = ""
    network: str = ""

    def of(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return the rows asked about; raises NoAnswer when there is none."""
        kept = pd.Series(data=True, index=table.index)
        for column, value in ((DEPARTMENT, self.department), (NETWORK, self.network)):
            if value:
                kept &= (table[column] == value).fillna(value=False).astype(bool)
        if not kept.any():
            raise NoAnswer("Rien n'est connu pour ce département ou ce réseau dans ce magasin.")
        return table[kept].reset_index(drop=True)


KINDS_OF = {
    "rank": ("territoires", "quarters", "zones"),
    "compare": ("territoires", "cells", "indicators", "counts"),
    "extension": ("territoires", "quarters"),
    "indicators": ("territoires", "indicators", "counts"),
}


def rank(
    asked: Asked, scope: Scope, what: str = QUARTERS, by: str = "manque", *, k: int = K_PUBLIC
) -> pd.DataFrame:
    """Return priority quarters or zones as `ranked` does, those of `scope` alone."""
    if what == QUARTERS:
        places = asked.table("quarters_once", kind="qpv")
    else:
        places = asked.table("zones_once")
    return ranked(scope.of(places), asked.table("territories"), by, k=k)


def compare(
    asked: Asked, scope: Scope, year: str = "", minutes: float = WALK_MIN, *, k: int = K_PUBLIC
) -> tuple[pd.DataFrame, Mapping[str, Funnel], str]:
    """Return territories of `scope` as `compared` does, each measure's limits, and the year."""
    when = year_of(asked, year)
    territories = scope.of(asked.table("territories"))
    coverage = asked.table("coverage", minutes=minutes)
    counts = _counts(asked, when, k)
    ours = territories[["territoire", "departement", "reseau", "name"]]
    found, funnels = compared(ours.merge(coverage, on="territoire", how="left"), counts)
    return found, funnels, when


def extension(
    asked: Asked,
    scope: Scope,
    count: int,
    rules: Sequence[Rule] = (),
    *,
    neighbours_m: float = 0.0,
) -> tuple[pd.DataFrame, SiteOutcome, float]:
    """Return the quarters as `chosen_quarters` does, and the public out of reach in all."""
    quarters = scope.of(asked.table("quarters_once", kind="qpv"))
    chosen, outcome = chosen_quarters(quarters, count, rules, neighbours_m=neighbours_m)
    return chosen, outcome, float(quarters["unserved"].sum())


def indicators(
    asked: Asked, scope: Scope, level: str, year: str = "", *, k: int = K_PUBLIC
) -> tuple[pd.DataFrame, str, tuple[int, int]]:
    """
    Return the figures as `summed` does, the year, and the activities told twice, otherwise too.

    A scope narrows the rows of its own level alone: a network cut by a département is one more
    zoning of the same people. Raises WrongUsage for that and another level, NoAnswer
    when nothing is counted there.
    """
    if level not in LEVELS:
        raise WrongUsage(f"Niveau « {level} » inconnu : choisissez parmi {', '.join(LEVELS)}.")
    if (scope.department and level != DEPARTMENT) or (scope.network and level != NETWORK):
        raise WrongUsage(
            "Un réseau se publie en entier, un département aussi : avec --departement, "
            "--niveau departement ; avec --reseau, --niveau reseau."
        )
    when = year_of(asked, year)
    found = summed(_once(asked, when), level, k=k)
    wanted = scope.department or scope.network
    if wanted:
        found = found[found["zone"] == wanted].reset_index(drop=True)
        if not len(found):
            raise NoAnswer(f"Rien n'est compté pour « {wanted} » dans ce magasin.")
    twice = asked.table("copies", period=when).iloc[0]
    return found, when, (int(twice["copies"]), int(twice["differing"]))


def year_of(asked: Asked, year: str) -> str:
    """
    Return `year`, or the last one told; raises WrongUsage for another.

    Years alone: the months of one, less those shown, would give a hidden month back.
    """
    known = list(asked.table("years")["period"])
    if not year and known:
        return str(known[-1])
    if year not in known:
        told = f" Années connues : {', '.join(known)}." if known else ""
        raise WrongUsage(f"Aucune année « {year} » n'est comptée ici.{told}")
    return year


def _once(asked: Asked, when: str) -> pd.DataFrame:
    return counted_once(asked.table("figures", period=when), asked.table("told_twice", period=when))


def _counts(asked: Asked, when: str, k: int) -> pd.DataFrame:
    """
    Return contacts and outings of each territory, over how many days; hidden contacts NA.

    What two territories tell is told of both here; counts are hidden beside the sums of
    `indicators`, where it counts once.
    """
    figures = asked.table("figures", period=when)
    own = counted_once(
        figures, figures.iloc[:0][["territoire", "definition", "part"]].assign(extra=0)
    )
    untold = hidden_territories(own, "E1", k=k) | hidden_territories(_once(asked, when), "E1", k=k)
    whole = own[(own["part"] == "") & own["definition"].isin(["E1", "E2"])]
    found = whole.pivot_table("value", TERRITORY, "definition", "first", dropna=False)
    found = found.reindex(columns=["E1", "E2"]).astype("float64")
    days = (whole["last_on"] - whole["first_on"]).dt.days + 1
    hid = found.index.isin(untold)
    return pd.DataFrame({
        "contacts": found["E1"].mask(hid),
        "outings": found["E2"],
        "days": days.groupby(whole[TERRITORY]).first().astype("float64"),
        "hidden": hid,
    }).reset_index(names=TERRITORY)  # fmt: skip
