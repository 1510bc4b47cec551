"""Where the team stands with its partners: counts by status, and whom to contact again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003 - read at run time to write JSON

import pandas as pd

_FUNNEL = frozenset({"recensee", "contactee", "rencontree", "active", "inactive", "refus"})
_MET = frozenset({"rencontree", "active"})
_STILL_OPEN = frozenset({"recensee", "contactee"})
NEVER_MET, SILENT = "recensée, jamais contactée", "contactée, pas rencontrée"


@dataclass(frozen=True, slots=True)
class Funnel:
    """Structures listed, of which contacted, of which met (each step holds the next)."""

    listed: int
    contacted: int
    met: int

    @property
    def met_share(self) -> float | None:
        """Return met / contacted, 0-1; None when nobody was contacted."""
        return self.met / self.contacted if self.contacted else None


@dataclass(frozen=True, slots=True)
class ToRecall:
    """One structure to contact again, and the French reason."""

    place_id: str
    name: str
    reason: str
    last_on: date | None


def funnel(places: pd.DataFrame) -> Funnel:
    """
    Count the structures of PLACES that have a status: listed, contacted, met.

    A structure with a day of meeting was met, one with a day of first contact was contacted,
    whatever its status says; `refus` and `inactive` were contacted, met only with a day.
    """
    contacted, met = reached(places)
    return Funnel(len(met), int(contacted.sum()), int(met.sum()))


def reached(places: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Return whether each structure that has a status was contacted, was met, as `funnel` says."""
    partners = _partners(places)
    met = partners["status"].isin(_MET) | partners["last_met_on"].notna()
    contacted = met | partners["status"].ne("recensee") | partners["first_contact_on"].notna()
    return contacted, met


def funnel_by(places: pd.DataFrame, column: str) -> dict[str, Funnel]:
    """Return the funnel by value of `column` (`commune_code` or `kind`), sorted, "" = unknown."""
    partners = _partners(places)
    groups = partners.groupby(partners[column].fillna(""), sort=True)
    return {str(value): funnel(group) for value, group in groups}


def to_recall(places: pd.DataFrame, *, on: date, months: int = 3) -> list[ToRecall]:
    """
    Return the structures to contact again at day `on`, longest silence first.

    Listed and never contacted; or contacted, never met, and silent for `months` months or more
    (a first contact without a day counts as silent). Ties follow the identifier.
    """
    limit = pd.Timestamp(on) - pd.DateOffset(months=months)
    partners = _partners(places)
    waiting = partners[partners["status"].isin(_STILL_OPEN) & partners["last_met_on"].isna()]
    first = waiting["first_contact_on"]
    silent = waiting[first.isna() | (first <= limit)]
    ordered = silent.assign(key=silent.index).sort_values(
        ["first_contact_on", "key"], na_position="first"
    )
    return [_recall(str(key), row) for key, row in ordered.iterrows()]


def _partners(places: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(places[places["status"].isin(_FUNNEL)])


def _recall(key: str, row: pd.Series) -> ToRecall:
    first = row["first_contact_on"]
    never = row["status"] == "recensee" and pd.isna(first)
    day = None if pd.isna(first) else pd.Timestamp(first).date()
    return ToRecall(key, shown_name(row), NEVER_MET if never else SILENT, day)


def shown_name(row: pd.Series) -> str:
    """Return the name of a place of PLACES as it may be shown: never that of a sensitive one."""
    secret = not pd.isna(row["sensitive"]) and bool(row["sensitive"])
    return "lieu sensible" if secret else str(row["name"])
