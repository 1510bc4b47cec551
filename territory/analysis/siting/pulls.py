"""How each place and half-day draws the people around: by walk, by public, by what is open near."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import scipy.sparse as sp

from territory.analysis.access import STAY_MIN, slot_names
from territory.analysis.access_catchment import gaussian
from territory.analysis.cohorts import cohort_columns
from territory.analysis.siting.hosts import HOST_KINDS
from territory.analysis.siting.slot_options import next_monday, ordinary_spans
from territory.errors import WrongUsage
from territory.model.walks import walks_of
from territory.model.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from territory.model.walks import Walks
    from territory.settings import Cohort, Sites

ALL, OTHERS = "tous", "autres"


def people_by_public(
    need: pd.DataFrame, cohorts: Sequence[Cohort], wanted: Sequence[str]
) -> pd.DataFrame:
    """
    Return the people of the public of each cell in groups that share nobody [cell_id x public].

    `need` is that of `cell_need`; `wanted` are codes of `cohorts`, taken when the need holds them;
    the others are « autres » (« tous » when no group is known). The groups of a cell add up to its
    target: a cohort unknown there counts with the others, cohorts larger than the target are
    brought down to it. Raises WrongUsage (French) when two of the groups may share an age.
    """
    known = [c for c in cohorts if c.code in wanted and _told(need, c.code)]
    for young, old in pairwise(sorted(known, key=lambda c: (c.ages, c.code))):
        if old.ages[0] <= young.ages[1]:
            raise WrongUsage(
                f"Les publics « {young.name} » et « {old.name} » ont des âges en commun : une "
                "personne compterait deux fois. Changez le réglage « publics » des permanences."
            )
    target = _people(need["target"])
    groups = {c.code: _people(need[cohort_columns(c.code)[0]]) for c in known}
    total = sum(groups.values(), 0.0 * target)
    kept = np.divide(target, total, out=np.ones(len(target)), where=total > target)
    table = {code: kept * people for code, people in groups.items()}
    rest = np.maximum(target - sum(table.values(), 0.0 * target), 0.0)
    table[OTHERS if groups else ALL] = rest
    return pd.DataFrame(table, index=need.index).sort_index()


def slot_rows(people: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each cell and public with somebody: cell_id, public, people."""
    rows = people.rename_axis(index="cell_id", columns="public").stack()  # noqa: PD013 - a Series
    table = rows[rows > 0].rename("people").reset_index()
    return table.sort_values(["cell_id", "public"], ignore_index=True)


def attractors(
    options: pd.DataFrame,
    places: pd.DataFrame,
    between: pd.DataFrame,
    *,
    near_min: float,
    today: date,
) -> pd.Series:
    """
    Return which market or other crowd is open near each option, by name; NA when none is.

    `between` [place_id x place_id] are minutes on foot from a host to the others. Counted: a place
    of kind « marche », or one with an estimated crowd that is no host, not sensitive, whose hours
    are known and share half an hour with the session, at most `near_min` minutes away. The nearest
    is named.
    """
    crowds = places[places["kind"].eq("marche") | places["crowd"].gt(0).fillna(value=False)]
    crowds = crowds[~crowds["kind"].isin(HOST_KINDS) & crowds["opening_hours"].notna()]
    crowds = crowds[~crowds["sensitive"].fillna(value=False).astype(bool)].sort_index()
    monday = next_monday(today)
    found: dict[str, tuple[float, str]] = {}
    for crowd_id, crowd in crowds.iterrows():
        if crowd_id not in between.columns:
            continue
        walks = between[crowd_id].reindex(options["place_id"]).to_numpy(float)
        around = walks <= near_min
        for option, walk in zip(options[around].itertuples(), walks[around], strict=True):
            spans = ordinary_spans(str(crowd["opening_hours"]), option.weekday, monday=monday)
            shared = [min(b, option.end_min) - max(a, option.start_min) for a, b in spans or ()]
            if max(shared, default=0) >= STAY_MIN:
                best = found.get(option.Index, (np.inf, ""))
                found[option.Index] = min(best, (walk, str(crowd["name"])))
    names = {option: name for option, (_, name) in found.items()}
    return pd.Series(names, dtype="string").reindex(options.index)


def option_values(
    options: pd.DataFrame, publics: Iterable[str], near: pd.Series, settings: Sites
) -> pd.DataFrame:
    """
    Return what each option is worth to each public, at the door [option_id x public].

    1 unless the settings say otherwise: `slot_values` of the half-day for the public (or « tous »),
    `attractions` of the place, `market` where `near` (`attractors`) names something, `repeat` for
    one more half-day of a place that has a permanence; half when held every second week. Raises
    WrongUsage (French) for a half-day or a public that does not exist.
    """
    known = [*publics]
    told = _by_public(settings.slot_values, known, settings.publics)
    place = options["place_id"].map(dict(settings.attractions)).astype(float).fillna(1.0)
    crowd = np.where(near.notna(), settings.market, 1.0)
    weeks = np.where(options["every_week"], 1.0, 0.5)
    hosting = options["place_id"].isin(set(options.loc[options["present"], "place_id"]))
    weeks = weeks * np.where(hosting & ~options["present"], settings.repeat, 1.0)
    table = {
        public: options["slot"].map(told[public]).astype(float) * place * crowd * weeks
        for public in known
    }
    return pd.DataFrame(table, index=options.index)


def slot_pull(  # noqa: PLR0913 - rows, options and how walks weigh
    rows: pd.DataFrame,
    options: pd.DataFrame,
    minutes: pd.DataFrame | Walks,
    values: pd.DataFrame,
    *,
    half_min: float,
    cut_min: float,
    factors: Mapping[str, float] | None = None,
) -> sp.csc_matrix:
    """
    Return how each option draws each row, sparse [rows, options]: value x what the walk leaves.

    `rows` come from `slot_rows`, `values` from `option_values`; `minutes` [cell_id x place_id] is a
    table (inf = out of reach) or walks; a place it does not know draws nobody. The walk leaves a
    half at `half_min` minutes and nothing beyond `cut_min` (`gaussian`), both times the factor of
    the public.
    """
    places = pd.Index(sorted(set(options["place_id"])))
    place = places.get_indexer(options["place_id"])
    walks = walks_of(minutes).among(destinations=places)
    pulls = sp.csc_matrix((len(rows), len(options)))
    for public, mine in rows.groupby("public"):
        factor = (factors or {}).get(str(public), 1.0)
        weigh = gaussian(half_min * factor, cut_min * factor)
        worth = values[str(public)].to_numpy(float)
        near = walks.within(cut_min * factor).among(pd.Index(mine["cell_id"]))
        left = sp.csc_matrix(near.weights(weigh))[:, place]
        many = np.diff(left.indptr)
        at = mine.index.to_numpy()[left.indices], np.repeat(np.arange(len(options)), many)
        drawn = left.data * np.repeat(worth, many)
        pulls = pulls + sp.csc_matrix((drawn, at), shape=pulls.shape)
    pulls.eliminate_zeros()
    pulls.sort_indices()
    return sp.csc_matrix(pulls)


def _told(need: pd.DataFrame, code: str) -> bool:
    column = cohort_columns(code)[0]
    return column in need and bool(need[column].notna().any())


def _people(values: pd.Series) -> NDArray[np.float64]:
    people: NDArray[np.float64] = values.astype("Float64").to_numpy(float, na_value=0.0)
    return people


def _by_public(
    given: Mapping[str, Mapping[str, float]], publics: Sequence[str], wanted: Sequence[str]
) -> dict[str, dict[str, float]]:
    """Return the value of every half-day by public; « tous » first, then the public's own."""
    slots = {plain(name): name for name in slot_names()}
    unknown = [p for p in given if p not in {*publics, *wanted, ALL, OTHERS}]
    wrong = [s for values in given.values() for s in values if plain(s) not in slots]
    if unknown or wrong:
        raise WrongUsage(
            f"Réglage « valeurs_creneaux » : « {[*unknown, *wrong][0]} » n'est ni un public "
            f"({', '.join([ALL, *publics])}) ni une demi-journée comme « mercredi matin »."
        )
    table = {}
    for public in publics:
        own = {**given.get(ALL, {}), **given.get(public, {})}
        named = {slots[plain(s)]: value for s, value in own.items()}
        table[public] = {name: named.get(name, 1.0) for name in slot_names()}
    return table
