"""Orientations, entries and exits as counts to give or to receive: by month and a few traits."""

from __future__ import annotations

import pandas as pd

STAGES = ("oriente", "entree", "sortie_positive")
KEYS = ("month", "stage", "commune", "structure", "outcome")
ZONINGS = {"commune": "commune", "structure": "structure", "issue": "outcome"}
PERIODS = {"commune": "mois", "structure": "annee", "issue": "annee"}


def exchanged(people: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """
    Return the people of these stages by KEYS (month « 2026-03 », "" untold), and counts not made.

    `people` are the lines of report.lines. The commune of a sensitive place stays untold (PRIVACY
    section 3). Columns: KEYS and people; sorted.
    """
    ours = people[people["stage"].isin(STAGES).fillna(value=False).astype(bool)]
    known = ours[ours["people"].notna()]
    hidden = known["sensitive"].fillna(value=True).astype(bool)
    table = pd.DataFrame(
        {
            "month": known["month"], "stage": known["stage"],
            "commune": known["commune_code"].mask(hidden), "structure": known["referred_to"],
            "outcome": known["outcome"],
        }
    ).astype("object")  # fmt: skip
    table = table.fillna("").assign(people=known["people"].astype("int64"))
    summed = table.groupby(list(KEYS), as_index=False)["people"].sum()
    return summed[summed["people"] > 0].reset_index(drop=True), len(ours) - len(known)


def already_counted(received: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    """
    Return the month, stage and structure of `received` that `held` counts too, with both numbers.

    Both as `exchanged`. A structure that one of them does not tell may be any: it counts as the
    same. Columns: month, stage, structure, people, held.
    """
    keys = ["month", "stage", "structure"]
    sums = received.groupby(keys, as_index=False)["people"].sum()
    return sums.assign(
        held=[_held(held, month, stage, structure)
              for month, stage, structure in sums[keys].itertuples(index=False)]
    ).query("held > 0").reset_index(drop=True)  # fmt: skip


def _held(held: pd.DataFrame, month: str, stage: str, structure: str) -> int:
    same = held[(held["month"] == month) & (held["stage"] == stage)]
    if structure:
        same = same[same["structure"].isin([structure, ""])]
    return int(same["people"].sum())


def without(received: pd.DataFrame, doubles: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `received` whose month, stage and structure are not in `doubles`."""
    keys = ["month", "stage", "structure"]
    known = set(doubles[keys].itertuples(index=False, name=None))
    keep = [key not in known for key in received[keys].itertuples(index=False, name=None)]
    return received[pd.Series(keep, index=received.index, dtype=bool)]


def groups_of(table: pd.DataFrame, stage: str) -> pd.DataFrame:
    """Return the people of one stage as the groups of `analysis.publication.publish`."""
    ours = table[table["stage"] == stage]
    return pd.DataFrame(
        {
            "people": ours["people"],
            **{zoning: ours[column] for zoning, column in ZONINGS.items()},
            "mois": ours["month"],
            "annee": ours["month"].str[:4],
        }
    )
