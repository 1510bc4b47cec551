"""Which lines a counting keeps, by what it splits them, and how the parts are called in French."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.analysis.report.ground import OUTSIDE
from territory.model.words import (
    ACTIVITY_KINDS,
    AGE_BANDS,
    ANSWERS,
    BARRIERS,
    CANCEL_REASONS,
    CHANNELS,
    GENDERS,
    HOME_ZONES,
    OUTCOMES,
    PLACE_KINDS,
    STATES,
    STATUSES,
    WEEKDAYS,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from numpy.typing import NDArray

    from territory.analysis.report.lines import Lines
    from territory.model.words import Vocabulary
    from territory.settings.report import Chosen, Counting

UNTOLD = "?"  # the part of lines that do not tell
SEVERAL = "|"
_JUNE = 6
COLUMNS = {
    "commune": "commune_code", "type": "kind", "mois": "month", "semestre": "month",
    "type_lieu": "place_kind", "zone": "zone", "demi_journee": "slot",
    "etat": "state", "motif": "cancel_reason",
    "mode": "mode", "sexe": "gender", "age": "age_band", "canal": "channel",
    "residence": "home_zone", "freins": "barriers", "orientation": "referred_to",
    "issue": "outcome", "inscrit": "registered", "accompagne": "supported", "cohorte": "cohort",
    "statut": "status", "type_structure": "kind", "jour": "weekday",
    "quartier": "quarter", "lieu": "place_id", "creneau": "creneau", "bureau": "bureau",
    "agent": "agents",
}  # fmt: skip
FLAGS = ("sensitive", "referred")
NUMBERS = ("people", "hours")
WORDS = tuple(
    dict.fromkeys(
        (*COLUMNS.values(), "activity_id", "stage", "step", "covered", "place", "qpv_code")
    )
)
_WORDS: dict[str, Vocabulary] = {
    "type": ACTIVITY_KINDS, "type_lieu": PLACE_KINDS, "etat": STATES, "motif": CANCEL_REASONS,
    "sexe": GENDERS, "age": AGE_BANDS, "canal": CHANNELS, "residence": HOME_ZONES,
    "zone": HOME_ZONES, "freins": BARRIERS, "orientation": PLACE_KINDS, "issue": OUTCOMES,
    "inscrit": ANSWERS, "accompagne": ANSWERS, "statut": STATUSES, "type_structure": PLACE_KINDS,
    "jour": WEEKDAYS,
}  # fmt: skip
SLOTS = ("matin", "après-midi", "soir")
_ORDERS = {
    "age": tuple(word.code for word in AGE_BANDS),
    "residence": tuple(word.code for word in HOME_ZONES),
    "zone": tuple(word.code for word in HOME_ZONES),
    "jour": tuple(word.code for word in WEEKDAYS),
    "demi_journee": SLOTS,
    "creneau": tuple(f"{day} {slot}" for day in range(7) for slot in SLOTS),
    "bureau": ("oui", "non"),
}
_MULTIPLE = {"freins", "agent"}
_NAMED = {"commune", "quartier", "lieu"}
_SECRET = {"commune", "type_lieu", "lieu", "quartier"}  # what would tell where a sensitive place is


def narrow(lines: Lines) -> Lines:
    """Return lines with what countings look at alone: words as categories, numbers as floats."""
    return replace(
        lines,
        activities=_narrow(lines.activities),
        people=_narrow(lines.people),
        partners=_narrow(lines.partners),
    )


def _narrow(frame: pd.DataFrame) -> pd.DataFrame:
    words = [name for name in WORDS if name in frame]
    flags = frame[[name for name in FLAGS if name in frame]]
    numbers = frame[[name for name in NUMBERS if name in frame]].astype("float64")
    kept = pd.concat([frame[words].astype("category"), flags, numbers], axis=1)
    return kept.set_axis(frame.index.astype("object"))


def frame_of(counting: Counting, lines: Lines) -> pd.DataFrame:
    """Return the table of lines that a counting is about."""
    if counting.counted == "personnes":
        return lines.people
    return lines.partners if counting.counted == "structures" else lines.activities


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """The lines of `table` at positions `at` [lines]: what is looked at alone is taken from it."""

    table: pd.DataFrame
    at: NDArray[np.intp]

    def __len__(self) -> int:
        """Return how many lines there are."""
        return len(self.at)

    def names(self) -> NDArray[np.object_]:
        """Return the names [lines]."""
        names: NDArray[np.object_] = self.table.index.to_numpy()[self.at]
        return names

    def values(self, column: str) -> NDArray[np.float64]:
        """Return the numbers [lines] of a column, NaN unknown."""
        numbers: NDArray[np.float64] = self.table[column].to_numpy()[self.at]
        return numbers

    def of(self, *columns: str) -> pd.DataFrame:
        """Return some columns on these lines."""
        return self.table[list(columns)].take(self.at)

    def some(self, at: NDArray[np.intp]) -> Kept:
        """Return the lines at the positions `at` [kept] of these."""
        return Kept(self.table, self.at[at])


class Choices:
    """The lines that countings keep: many of them split the same ones, chosen once."""

    def __init__(self, lines: Lines) -> None:
        """Look at `lines` as `narrow` makes them."""
        self.lines = narrow(lines)
        self._known: dict[Hashable, Kept] = {}
        self._keys: dict[tuple[int, str], pd.Categorical] = {}

    def of(self, counting: Counting) -> Kept:
        """Return the lines that a counting keeps (`chosen`)."""
        frame = frame_of(counting, self.lines)
        key = id(frame), counting.among.referred, *wanted(counting.among, counting).items()
        if key not in self._known:
            self._known[key] = _kept(frame, counting)
        return self._known[key]

    def split(self, kept: Kept, by: str) -> tuple[Kept, dict[str, NDArray[np.intp]]]:
        """
        Return lines that `of` gave, and the positions [lines] of each part in them, untold last.

        A line with several answers is in each. The commune and the kind of a sensitive place stay
        untold, wherever the report goes (PRIVACY section 3).
        """
        key = id(kept.table), by
        if key not in self._keys:
            self._keys[key] = pd.Categorical(told_keys(kept.table, by))
        keys = self._keys[key].take(kept.at)
        if by in _MULTIPLE:
            each = pd.Series(keys.astype(object)).str.split(SEVERAL).explode()
            kept, keys = kept.some(each.index.to_numpy()), pd.Categorical(each)
        return kept, _parts_at(keys)


def _kept(frame: pd.DataFrame, counting: Counting) -> Kept:
    """Return the lines that `chosen` gives."""
    if not counting.among.referred:
        return Kept(frame, np.flatnonzero(_asked(frame, counting)))
    table = chosen(frame, counting)
    return Kept(table, np.arange(len(table)))


def chosen(frame: pd.DataFrame, counting: Counting) -> pd.DataFrame:
    """Return the lines of `frame` that the counting keeps."""
    keep = _asked(frame, counting)
    if not counting.among.referred:
        return frame[keep]
    kept = frame[keep & frame["referred"].fillna(value=True).to_numpy(dtype=bool)]
    return kept.assign(people=kept["people"].mask(kept["referred"].isna()))  # nobody can tell


def _asked(frame: pd.DataFrame, counting: Counting) -> NDArray[np.bool_]:
    """Return which lines have the values that the counting asks."""
    keep = np.ones(len(frame), dtype=bool)
    for column, values in wanted(counting.among, counting).items():
        if values:
            keep &= frame[column].isin(values).to_numpy(dtype=bool)
    return keep


def unplaced(counting: Counting) -> Counting:
    """Return the counting of the lines it would look at, and whose zone nobody knows."""
    nowhere = counting.among.model_copy(update={"zones": ("inconnue",)})
    return counting.model_copy(update={"among": nowhere})


def wanted(asked: Chosen, counting: Counting) -> dict[str, tuple[str, ...]]:
    """Return the values kept by column, () = all; partners have no state, people are realised."""
    if counting.counted == "structures":
        return {"step": asked.statuses, "kind": asked.kinds}
    if counting.counted == "personnes":
        return {
            "kind": asked.kinds, "stage": asked.stages, "zone": asked.zones,
            "home_zone": asked.homes, "channel": asked.channels, "outcome": asked.outcomes,
            "cohort": asked.cohorts,
        }  # fmt: skip
    return {"kind": asked.kinds, "state": asked.states, "zone": asked.zones}


def _parts_at(keys: pd.Categorical) -> dict[str, NDArray[np.intp]]:
    """Return the positions of each part among `keys`, by its code in their order, untold last."""
    codes = np.asarray(keys.codes)
    order = np.argsort(codes, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(codes[order])) + 1) if len(order) else []
    told = {str(keys.categories[codes[at[0]]]): at for at in groups if codes[at[0]] >= 0}
    untold = np.flatnonzero(codes < 0)
    return {**told, UNTOLD: untold} if len(untold) else told


def told_keys(frame: pd.DataFrame, by: str) -> pd.Series:
    """Return what each line is counted by, NA when it is not known or would tell a secret."""
    keys = frame[COLUMNS[by]]
    if by in _SECRET and "sensitive" in frame:
        keys = keys.mask(frame["sensitive"].fillna(value=True).astype(bool))
    return keys.map(_half, na_action="ignore") if by == "semestre" else keys


def _half(month: str) -> str:
    """Return the half-year of a month: « 2026-S1 » for « 2026-03 »."""
    return f"{month[:4]}-S{1 if int(month[5:7]) <= _JUNE else 2}"


def in_order(counting: Counting, sizes: Mapping[str, float]) -> list[str]:
    """
    Return the parts in the order they are read, those untold last.

    Months, ages, days and zones keep their own order, members of the team that of their codes
    (PRIVACY section 6: no ranking); other parts go by size, the greatest first.
    """
    own = {code: rank for rank, code in enumerate(_ORDERS.get(counting.by, ()))}
    if counting.by in {"mois", "semestre", "agent"}:
        own = {code: rank for rank, code in enumerate(sorted(sizes))}
    rank = {code: (own.get(code, 0), 0.0 if own else -size) for code, size in sizes.items()}
    return sorted(sizes, key=lambda code: (code == UNTOLD, *rank[code], code))


def part_labels(counting: Counting, names: Mapping[str, str]) -> dict[str, str]:
    """Return the French word of each part by its code; `names`: communes, quarters, places."""
    untold = {UNTOLD: "non renseigné"}
    if counting.by in _NAMED:
        nowhere = "hors d’un lieu recensé" if counting.by == "lieu" else "non localisé"
        return {**names, OUTSIDE: "hors quartier", UNTOLD: nowhere}
    if counting.by == "creneau":
        days = {word.code: word.label for word in WEEKDAYS}
        return {**{code: f"{days[code[0]]} {code[2:]}" for code in _ORDERS["creneau"]}, **untold}
    if counting.by == "bureau":
        return {"oui": "heures de bureau", "non": "soir, week-end ou tôt", **untold}
    if counting.by in {"zone", "residence"}:
        words = {word.code: word.label for word in HOME_ZONES}
        nowhere = "inconnue" if counting.by == "residence" else "non localisé"
        return {**words, "autre": "autre", "inconnue": nowhere, **untold}
    if counting.by == "mode":
        return {"seul": "seul·e", "binome": "à deux ou plus", **untold}
    return {**{word.code: word.label for word in _WORDS.get(counting.by, ())}, **untold}
