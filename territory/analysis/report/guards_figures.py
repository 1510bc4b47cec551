"""Guards on the figures: counts that miss, ratios refused, rounding, rests unsaid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from territory.analysis.report.chosen import UNTOLD
from territory.analysis.report.counting import LEAST, NO_RATIO
from territory.model.report import Guard

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from territory.analysis.report.lines import Lines
    from territory.model.report import Figures
    from territory.settings.report import Counting, Profile

WIDE = 0.3  # a share known within 30 points says nothing


def missing_counts(profile: Profile, figures: Figures) -> Iterator[Guard]:
    """Say how many lines of a figure of people hold no count (missing is not zero)."""
    for counting in _of_people(profile):
        row = figures.table.loc[counting.code]
        if row["uncounted"] > 0:
            yield Guard(
                "MANQUE",
                f"{counting.label} : {row['uncounted']} lignes sur {row['used']} sans comptage.",
                f"{counting.label} : dont {row['uncounted']} activités sans comptage, qui ne sont "
                "pas comptées pour zéro.",
                (counting.code,),
            )


def refused_ratios(profile: Profile, figures: Figures) -> Iterator[Guard]:
    """Say which ratios are not computed, and why."""
    for counting in profile.countings:
        mention = str(figures.table.loc[counting.code, "mention"])
        if counting.ratio and mention.startswith(NO_RATIO):
            reason = mention.removeprefix(f"{NO_RATIO} : ")
            yield Guard(
                "ATTRIBUTION",
                f"{counting.label} n’est pas calculé : {reason}.",
                f"{counting.label} n’est pas donné : {reason}.",
                (counting.code, *counting.ratio),
            )


def rounded_apart(
    profile: Profile, figures: Figures, together: Mapping[str, float]
) -> Iterator[Guard]:
    """
    Say where parts rounded to whole percentages do not add up to their rounded total.

    `together` are the shares rounded together (report.rounding): they add up to 100, not
    always to the share of several of them, rounded alone.
    """
    for counting in profile.countings:
        if not counting.shares or counting.several:
            continue
        parts = _shares(figures.table, counting)
        names = [f"{counting.code}/{part}" for part in parts.index]
        parts = pd.Series(
            [together.get(name, share) for name, share in zip(names, parts, strict=True)],
            index=parts.index, dtype=float,
        )  # fmt: skip
        how = "aux plus forts restes" if names and names[0] in together else "une à une"
        yield from _apart(counting, parts, 100, "le total de 100 %", how)
        for other in _same_people(profile, counting):
            whole = figures.table.loc[other.code]
            kept = parts[parts.index.isin(other.among.homes)]
            if whole[["value", "over"]].notna().all() and whole["over"] >= LEAST:
                total = round(100 * float(whole["value"] / whole["over"]))
                yield from _apart(counting, kept, total, f"« {other.label} » ({total} %)", how)


def _apart(
    counting: Counting, parts: pd.Series, total: int, whole: str, how: str
) -> Iterator[Guard]:
    rounded = [round(100 * share) for share in parts]
    if not rounded or sum(rounded) == total:
        return
    told = " + ".join(f"{percent} %" for percent in rounded)
    yield Guard(
        "ARRONDI",
        f"{counting.label} : {told} = {sum(rounded)} %, et non {whole}.",
        f"{counting.label} : les parts sont arrondies {how} ({told}) ; leur somme, "
        f"{sum(rounded)} %, diffère donc de {whole}, calculé sur les effectifs.",
        (counting.code,),
    )


def _same_people(profile: Profile, counting: Counting) -> list[Counting]:
    """Return the figures that are the share of some homes among the people `counting` splits."""
    if counting.by != "residence":
        return []
    return [
        other for other in profile.countings
        if other.part_of and other.among.homes and other.among.stages == counting.among.stages
    ]  # fmt: skip


def rest_unsaid(profile: Profile, figures: Figures, lines: Lines) -> Iterator[Guard]:
    """
    Say what part of the people is in no part told; tables print that part by themselves.

    A quarter that is not known for want of perimeters is said by PERIMETRE.
    """
    for counting in profile.countings:
        name = f"{counting.code}/{UNTOLD}"
        asked = counting.by and counting.counted == "personnes" and counting.drawn != "aucun"
        if not (asked and name in figures.table.index):
            continue
        if counting.by == "quartier" and _without_perimeters(figures.lines[name], lines):
            continue
        rest, whole = (figures.table.loc[key, "value"] for key in (name, counting.code))
        if pd.notna(rest) and rest > 0:
            yield Guard(
                "RESTE",
                f"{counting.label} : {rest:.0f} personnes sur {whole:.0f} dans aucune part.",
                f"{counting.label} : non renseigné pour {rest:.0f} personnes sur {whole:.0f}.",
                (counting.code, name),
            )


def _without_perimeters(names: NDArray[np.object_], lines: Lines) -> bool:
    """Whether every one of these lines of people is of an activity whose perimeters miss."""
    activities = lines.people.loc[names, "activity_id"]
    return bool(lines.activities["lacking"].reindex(activities).notna().all())


def hidden_or_wide(profile: Profile, figures: Figures) -> Iterator[Guard]:
    """Say which shares rest on too few people, or are known within too wide an interval."""
    for counting in profile.countings:
        if not (counting.shares or counting.part_of) or counting.counted != "personnes":
            continue
        rows = figures.table[
            (figures.table["definition"] == counting.code) & figures.table["over"].notna()
        ]
        few = rows[(rows["over"] < LEAST) & (rows["over"] > 0)]
        if len(few):
            over = float(few["over"].max())
            yield Guard(
                "PETIT",
                f"{counting.label} : {over:.0f} personnes seulement, aucune part n’est imprimée.",
                f"{counting.label} : effectif trop faible ({over:.0f}) pour une part.",
                tuple(map(str, few.index)),
            )
        wide = rows[(rows["high"] - rows["low"] > WIDE) & (rows["over"] >= LEAST)]
        for name, row in wide.iterrows():
            low, high = round(100 * row["low"]), round(100 * row["high"])
            told = f"{row['label']} : {row['value']:.0f} sur {row['over']:.0f}"
            yield Guard(
                "INTERVALLE",
                f"{counting.label}, {told} : la part est connue de {low} à {high} %, trop peu pour "
                "conclure.",
                f"{counting.label}, {told}, soit entre {low} et {high} % (intervalle à 95 %) : "
                "aucune conclusion n’en est tirée.",
                (str(name),),
            )


def _of_people(profile: Profile) -> list[Counting]:
    return [c for c in profile.countings if c.counted == "personnes" and c.key]


def _shares(table: pd.DataFrame, counting: Counting) -> pd.Series:
    """Return the shares, 0-1, of the parts of a counting by the code of the part."""
    rows = table[(table["definition"] == counting.code) & (table["part"] != "")]
    rows = rows[rows["value"].notna() & (rows["over"] >= LEAST).fillna(value=False)]
    return (rows["value"] / rows["over"]).set_axis(rows["part"])
