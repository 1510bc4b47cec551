"""Countings to figures: each with its lines, denominator and interval, or why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from territory.analysis.proportions import wilson
from territory.analysis.report.chosen import (
    UNTOLD,
    Choices,
    in_order,
    part_labels,
    unplaced,
)
from territory.analysis.report.ground import WHOLE, inhabitants
from territory.analysis.report.noted import ACTIVITIES, never_noted, why_unknown
from territory.model.report import FIGURES, Figures, Part
from territory.model.tables import conform

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from territory.analysis.report.chosen import Kept
    from territory.analysis.report.lines import Lines
    from territory.settings.report import Counting

LEAST = 20  # a share of fewer people is no percentage
UNITS = {
    "personnes": "personnes", "activites": "activités", "heures": "heures", "lieux": "lieux",
    "quartiers": "quartiers", "structures": "structures", "saisi": "", "calcule": "",
}  # fmt: skip
POPULATIONS = {"habitants": "residents", "habitants_18_64": "residents_18_64"}
NO_RATIO = "non calculé"
ROUNDS = ("maraude", "tour_de_rue", "pied_immeuble")
TRAITS = {  # what a counting may be of, that lines tell or not
    "homes": ("home_zone", "la zone de résidence"),
    "channels": ("channel", "le canal"),
    "cohorts": ("cohort", "la cohorte"),
}
Row = dict[str, Any]


class Found:
    """The figures found so far, in their order, with the lines of each."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}
        self.lines: dict[str, NDArray[np.object_]] = {}
        self.sums: list[tuple[str, tuple[str, ...]]] = []
        self.bases: dict[str, tuple[str, ...]] = {}

    def add(self, name: str, row: Row, lines: Sequence[object] | pd.Index = ()) -> None:
        """Keep one figure under its name."""
        self.rows[name] = row
        self.lines[name] = np.asarray(lines, dtype=object)

    def figures(self) -> Figures:
        """Return all of them as a table, in their order."""
        table = pd.DataFrame.from_dict(self.rows, orient="index")
        ordered = conform(table, FIGURES).loc[list(self.rows)]
        return Figures(ordered, self.lines, tuple(self.sums), self.bases)


def counted(
    countings: Sequence[Counting],
    lines: Lines,
    names: Mapping[str, str],
    entered: Mapping[str, float],
    computed: Mapping[str, Sequence[Part] | None] | None = None,
) -> Figures:
    """
    Return the figures of `countings` found in `lines`.

    `names` are the communes and quarters by code, `entered` the numbers that a team wrote and
    `computed` those that other analyses found, by code of figure.
    Deterministic: the order is that of the countings, parts by value, the greatest first.
    """
    found = Found()
    choices = Choices(lines)
    for counting in countings:
        if counting.ratio:
            _add_ratio(found, counting, choices.lines)
        elif counting.counted == "saisi":
            _add_entered(found, counting, entered)
        elif counting.counted == "calcule":
            _add_computed(found, counting, (computed or {}).get(counting.code) or ())
        else:
            _add_counted(found, counting, choices, names)
    return found.figures()


def _add_counted(
    found: Found, counting: Counting, choices: Choices, names: Mapping[str, str]
) -> None:
    """Add the whole of a counting and its parts."""
    kept = choices.of(counting)
    whole = _row(counting, kept, _values(counting, kept), "", counting.label)
    _say_unknown(whole, counting, choices)
    found.add(counting.code, whole, kept.names())
    if counting.part_of:
        _share_of(found, counting.code, counting.part_of)
    if counting.per_thousand:
        _per_thousand(whole, choices.lines.ground, WHOLE, counting.per_thousand)
    if counting.by:
        _add_parts(found, counting, choices, names)


def _add_parts(
    found: Found, counting: Counting, choices: Choices, names: Mapping[str, str]
) -> None:
    """Add the parts of a counting, in decreasing order, those untold last, with their shares."""
    split, groups = choices.split(choices.of(counting), counting.by)
    values, named, ground = _values(counting, split), split.names(), choices.lines.ground
    labels = part_labels(counting, names)
    rows = {
        key: _row(counting, split.some(at), values[at], key, labels.get(key, key))
        for key, at in groups.items()
    }
    base = [key for key in rows if key not in counting.apart]
    whole = _base(counting, found, rows, base)
    parts = []
    for key in in_order(counting, {key: _number(row) for key, row in rows.items()}):
        if counting.shares and key in base:
            _set_share(rows[key], whole)
        if counting.per_thousand:
            _per_thousand(rows[key], ground, key, counting.per_thousand)
        parts.append(f"{counting.code}/{key or UNTOLD}")
        names_of = named[groups[key]]
        found.add(parts[-1], rows[key], pd.unique(names_of) if counting.several else names_of)
    if not counting.several:
        found.sums.append((counting.code, tuple(parts)))
    if counting.apart:
        found.bases[counting.code] = tuple(p for p in parts if found.rows[p]["part"] in base)


def _base(counting: Counting, found: Found, rows: Mapping[str, Row], base: list[str]) -> float:
    """Return what shares are out of: people for several answers each, else the parts told."""
    if counting.several:
        return float(found.rows[counting.code]["value"])
    known = [rows[key]["value"] for key in base if not pd.isna(rows[key]["value"])]
    return float(sum(known)) if known else np.nan


def _row(counting: Counting, kept: Kept, values: NDArray[np.float64], part: str, label: str) -> Row:
    """Return the figure of some lines: NA when none of their values is a number."""
    unknown = np.isnan(values)
    untold = int(unknown.sum())
    known = len(values) - untold
    value = float(np.where(unknown, 0.0, values).sum()) if known or not len(values) else np.nan
    if counting.counted in {"lieux", "quartiers"}:
        value = float(_distinct(counting, kept))
    if counting.counted == "quartiers" and len(kept) and _nowhere(kept):
        value = np.nan  # neither a point nor a code: nobody knows in which quarter
    return {
        "definition": counting.code,
        "part": part,
        "label": label,
        "unit": UNITS[str(counting.counted)],
        "value": value,
        "used": len(kept),
        "uncounted": untold,
        "people": counting.counted == "personnes",
        "mention": "" if known or not len(values) else "aucun comptage dans le suivi",
    }


def _say_unknown(row: Row, counting: Counting, choices: Choices) -> None:
    """Make unknown, or say, what the lines cannot tell: a zone without a point, no partner file."""
    if counting.counted == "structures" and choices.lines.partners.empty:
        row["value"], row["mention"] = np.nan, "aucune structure n’a de statut"
    _say_untold(row, counting, choices)
    _say_not_noted(row, counting, choices.lines)
    if not counting.among.zones:
        return
    lost = len(choices.of(unplaced(counting)))
    if lost:
        row["mention"] = f"{lost} lignes dont la zone n’est pas connue n’y sont pas"
        row["value"] = row["value"] if row["used"] else np.nan


def _say_untold(row: Row, counting: Counting, choices: Choices) -> None:
    """Make unknown, or say, a count by a trait that the log tells of nobody, or not of all."""
    for name, (column, words) in TRAITS.items():
        if counting.counted != "personnes" or not getattr(counting.among, name):
            continue
        among = counting.among.model_copy(update={name: ()})
        every = choices.of(counting.model_copy(update={"among": among})).of("people", column)
        told = every[column].notna().to_numpy()[every["people"].to_numpy() > 0]
        if len(told) and not told.any():
            row["value"], row["mention"] = np.nan, f"le suivi ne dit {words} de personne"
        elif not told.all():
            row["mention"] = f"le suivi ne dit pas {words} de tout le monde"


def _say_not_noted(row: Row, counting: Counting, lines: Lines) -> None:
    """Make unknown what the log never notes, in this span or before: no line is not zero."""
    if counting.counted == "structures":
        return
    people = counting.counted == "personnes"
    asked = (people and counting.among.stages) or (ACTIVITIES,)
    if why := why_unknown(asked, lines.noted, row["used"]):
        row["value"], row["mention"] = np.nan, why
    elif never := never_noted(asked, lines.noted):
        row["mention"] = row["mention"] or never


def _values(counting: Counting, kept: Kept) -> NDArray[np.float64]:
    """Return what each line counts for, NaN when nobody counted it."""
    column = {"personnes": "people", "heures": "hours"}.get(str(counting.counted))
    return kept.values(column) if column else np.ones(len(kept))


def _distinct(counting: Counting, kept: Kept) -> int:
    """
    Return how many places, or quarters, are in at least `least_times` lines.

    A quarter needs as many rounds, or as many activities of one place: the two do not add up.
    """
    least = counting.among.least_times
    if counting.counted == "lieux":
        return int((kept.of("place")["place"].dropna().value_counts() >= least).sum())
    frame = kept.of("kind", "covered", "place")
    rounds = frame["kind"].isin(ROUNDS)
    walked = frame.loc[rounds, "covered"].dropna().value_counts()
    held = frame[~rounds].groupby(["covered", "place"]).size()
    codes = held.index[held >= least].get_level_values("covered")
    return len({*walked.index[walked >= least], *codes})


def _nowhere(kept: Kept) -> bool:
    return bool(kept.of("quarter", "covered").isna().all(axis=None))


def _add_entered(found: Found, counting: Counting, entered: Mapping[str, float]) -> None:
    """Add a number that the team wrote itself."""
    value = entered.get(counting.code, np.nan)
    mention = "saisi par l’équipe" if counting.code in entered else "non saisi"
    row = {
        "definition": counting.code, "part": "", "label": counting.label, "unit": "",
        "value": value, "used": 0, "uncounted": 0, "people": False, "mention": mention,
    }  # fmt: skip
    found.add(counting.code, row)
    if counting.part_of:
        _share_of(found, counting.code, counting.part_of)


def _add_computed(found: Found, counting: Counting, parts: Sequence[Part]) -> None:
    """Add what another analysis found, the whole first; unknown when it found nothing."""
    nothing = Part("", counting.label, np.nan, "", mention=NO_RATIO)
    for part in parts or (nothing,):
        row = {
            "definition": counting.code, "part": part.part, "label": part.label or counting.label,
            "unit": part.unit, "value": part.value, "over": part.over, "low": part.low,
            "high": part.high, "used": len(part.lines), "uncounted": part.uncounted,
            "people": part.people, "mention": part.mention,
        }  # fmt: skip
        name = f"{counting.code}/{part.part}" if part.part else counting.code
        found.add(name, row, part.lines)


def _add_ratio(found: Found, counting: Counting, lines: Lines) -> None:
    """Add the ratio of two figures, or why it would mean nothing."""
    above, below = counting.ratio
    row = {
        "definition": counting.code, "part": "", "label": counting.label,
        "unit": _ratio_unit(found, above, below), "value": np.nan, "used": 0, "uncounted": 0,
        "people": False,
        "mention": unattributable(found.rows, found.lines, above, below, lines),
    }  # fmt: skip
    if not row["mention"]:
        over = _number(found.rows[below])
        row["value"], row["over"] = _number(found.rows[above]) / over, over
    found.add(counting.code, row, found.lines[above])


def _ratio_unit(found: Found, above: str, below: str) -> str:
    units = [str(found.rows[name]["unit"]) for name in (above, below)]
    return "part" if units[0] == units[1] else " par ".join([units[0], units[1].rstrip("s")])


def unattributable(
    rows: Mapping[str, Row],
    members: Mapping[str, NDArray[np.object_]],
    above: str,
    below: str,
    lines: Lines,
) -> str:
    """
    Return why the figure `above` cannot be divided by `below`, "" when it can.

    `rows` are the figures and `members` the names [lines] of what each counts. People are divided
    by activities only when all of them were met in these activities, and when each of these
    counted them: else nobody can tell who was met where.
    """
    top, bottom = rows[above], rows[below]
    if any(pd.isna(row["value"]) for row in (top, bottom)) or not _number(bottom):
        return f"{NO_RATIO} : un des deux nombres n’est pas connu"
    if uncounted := int(top["uncounted"]) + int(bottom["uncounted"]):
        return f"{NO_RATIO} : {uncounted} lignes sans comptage"
    if bottom["unit"] not in {"activités", "heures"}:
        return ""
    at = lines.people["activity_id"].reindex(members[above])
    strays = int((~at.isin(members[below])).sum())
    if strays:
        return (
            f"{NO_RATIO} : {strays} comptages du numérateur viennent d’ailleurs que des "
            f"{bottom['unit']} du dénominateur"
        )
    return ""


def _share_of(found: Found, name: str, whole: str) -> None:
    """Give a figure its share of another one."""
    _set_share(found.rows[name], float(found.rows[whole]["value"]))


def _set_share(row: Row, whole: float) -> None:
    """Give a row its denominator and the interval of its share, if enough are counted."""
    row["over"] = whole
    if whole >= LEAST and not pd.isna(row["value"]):
        row["low"], row["high"] = wilson(_number(row), whole)


def _per_thousand(row: Row, ground: pd.DataFrame, unit: str, among: str) -> None:
    """Give a row the inhabitants it is compared with, or say why there is no ratio to them."""
    row["over"], why = inhabitants(ground, unit, POPULATIONS[among])
    row["mention"] = row["mention"] or why


def _number(row: Row) -> float:
    value = row["value"]
    return 0.0 if pd.isna(value) else float(value)
