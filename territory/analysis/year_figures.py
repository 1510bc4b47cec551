"""What a year of the log adds up to: key figures, kinds of activity, months, publics, residence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

ROUNDS = ("maraude", "tour_de_rue", "pied_immeuble")
STANDING = ("permanence", "intervention", "atelier")
SUMS = ("n_informed", "n_engaged", "n_assessed", "n_referred")
PUBLICS = {
    "sexe": ("n_women", "n_men", "n_gender_unknown"),
    "age": ("n_under_26", "n_26_59", "n_60_plus", "n_age_unknown"),
}


@dataclass(frozen=True, slots=True)
class Total:
    """
    A sum of people: `people` None when no activity counted any (unknown, never 0).

    `counted` activities have a number, `uncounted` have none.
    """

    people: int | None
    counted: int
    uncounted: int


def years_of(activities: pd.DataFrame, on: date) -> list[int]:
    """Return the civil years with realised activities up to `on`, the latest first."""
    done = realised(activities)
    days = done.loc[done["on"] <= pd.Timestamp(on), "on"]
    return sorted({int(year) for year in days.dt.year.dropna()}, reverse=True)


def activities_of(activities: pd.DataFrame, year: int, on: date) -> pd.DataFrame:
    """Return the realised activities of a civil year up to the day `on`, included."""
    done = realised(activities)
    return done[(done["on"].dt.year == year) & (done["on"] <= pd.Timestamp(on))]


def total(done: pd.DataFrame, column: str) -> Total:
    """Return the sum of a count over activities, and how many counted."""
    values = done[column].astype("Float64")
    known = values.notna()
    return Total(
        round(float(values[known].sum())) if known.any() else None,
        int(known.sum()),
        int((~known).sum()),
    )


def by_kind(done: pd.DataFrame) -> pd.DataFrame:
    """Return on kind: activities, hours (known ones), uncounted, and the SUMS (NA: none known)."""
    return _grouped(done, done["kind"].fillna("autre").astype(str)).rename_axis("kind")


def by_month(done: pd.DataFrame) -> pd.DataFrame:
    """Return the same on month (« 2026-03 »), those without an activity up to the last too."""
    months = done["on"].dt.strftime("%Y-%m")
    table = _grouped(done, months)
    if len(table):
        whole = pd.period_range(f"{table.index[0][:4]}-01", table.index[-1], freq="M")
        table = table.reindex(whole.strftime("%Y-%m"))
        table["activities"] = table["activities"].fillna(0).astype("int64")
    return table.rename_axis("month")


def by_commune(done: pd.DataFrame) -> pd.DataFrame:
    """Return the same on commune_code; sensitive or unknown places are under "", never told."""
    secret = done["sensitive"].astype("boolean").fillna(value=True).astype(bool)
    codes = done["commune_code"].astype("object").where(~secret).fillna("").astype(str)
    return _grouped(done, codes).rename_axis("commune_code")


def parts_of(done: pd.DataFrame, which: str) -> pd.Series:
    """Return the sums of the columns of PUBLICS[which], NA where no activity counted any."""
    found = {column: total(done, column).people for column in PUBLICS[which]}
    return pd.Series(found, dtype="Int64")


def noted(contacts: pd.DataFrame, done: pd.DataFrame, column: str, stage: str) -> pd.Series:
    """
    Return the people of `stage` by value of a column of CONTACTS, NA as "".

    Only those tied to the activities `done`, so that what is not counted there is in no share.
    """
    ours = contacts["activity_id"].isin(done.index) & (contacts["stage"] == stage)
    lines = contacts[ours.fillna(value=False).astype(bool)]
    values = lines[column].astype("object").fillna("").astype(str)
    return lines["count"].astype("int64").groupby(values).sum().sort_index()


def share(part: int | None, whole: int | None, least: int = 20) -> float | None:
    """Return part / whole, 0-1; None when one is unknown or `whole` is below `least`."""
    if part is None or whole is None or whole < max(least, 1):
        return None
    return part / whole


def count_of(done: pd.DataFrame, kinds: tuple[str, ...]) -> int:
    """Return how many activities are of these kinds."""
    return int(done["kind"].isin(kinds).sum())


def held_places(done: pd.DataFrame) -> Mapping[str, tuple[int, float]]:
    """Return by commune the permanence places and hours held; sensitive places left out."""
    held = done[
        (done["kind"] == "permanence") & ~done["sensitive"].astype("boolean").fillna(value=True)
    ]
    rows = held.groupby(held["commune_code"].fillna("").astype(str))
    return {
        str(code): (
            int(group["place_id"].fillna(group["place_name"]).nunique()),
            float(group["hours"].fillna(0).sum()),
        )
        for code, group in rows
    }


def realised(activities: pd.DataFrame) -> pd.DataFrame:
    """Return the activities that took place; those whose state is not told did not."""
    return activities[(activities["state"] == "realise").fillna(value=False).astype(bool)]


def _grouped(done: pd.DataFrame, key: pd.Series) -> pd.DataFrame:
    groups = done.groupby(key)
    table = pd.DataFrame({"activities": groups.size().astype("int64")})
    table["hours"] = groups["hours"].sum(min_count=1)
    table["uncounted"] = groups["n_informed"].apply(lambda values: int(values.isna().sum()))
    for column in SUMS:
        table[column] = groups[column].sum(min_count=1).astype("Int64")
    return table.sort_index()
