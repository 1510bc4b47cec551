"""Who would come from where to which permanence, and what moves when one opens or closes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import scipy.sparse as sp

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from territory.analysis.siting.slot_problem import SlotProblem

LEAST = 0.05  # people a week below which a move is not told


def flows(
    problem: SlotProblem, chosen: Sequence[int] | NDArray[np.int64], groups: pd.Series
) -> pd.DataFrame:
    """
    Return people a week coming from each group of rows to each option chosen [group x position].

    `groups` [rows] names the group of each row, a commune or a public; NA is none. Those for whom
    there is no room are counted: they come.
    """
    picked = np.asarray(chosen, np.int64)
    pull = problem.pull[:, picked].tocsr()
    drawn = problem.outside + np.asarray(pull.sum(axis=1), float).ravel()
    coming = sp.diags(problem.weights / drawn) @ pull
    codes, names = pd.factorize(groups, sort=True)
    rows = np.flatnonzero(codes >= 0)
    gather = sp.csr_matrix(
        (np.ones(len(rows)), (codes[rows], rows)), shape=(len(names), len(codes))
    )
    return pd.DataFrame(
        (gather @ coming).toarray(), index=pd.Index(names, name="group"), columns=picked
    )


def by_place(coming: pd.DataFrame, places: Sequence[str]) -> pd.DataFrame:
    """Return `flows` by place [group x place_id]; `places` [options] are those of the options."""
    named = coming.set_axis([places[k] for k in coming.columns], axis="columns")
    return named.T.groupby(level=0).sum().T


def before_after(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """
    Return one row for a commune and a place: commune_code, place_id, before, after (people a week).

    Both are tables of `by_place`; what is in one only counts 0 in the other.
    """
    long = [
        table.stack().rename(name)  # noqa: PD013 - a Series
        for table, name in ((before, "before"), (after, "after"))
    ]
    both = pd.concat(long, axis="columns").fillna(0.0)
    both = both.rename_axis(["commune_code", "place_id"]).reset_index()
    return both.sort_values(["commune_code", "place_id"], ignore_index=True)


def own_share(coming: pd.DataFrame, home_of: Mapping[Any, str | None]) -> pd.Series:
    """
    Return the share, 0-1, of the people of each column of `coming` who live in its own commune.

    `coming` [commune x column] comes from `flows` or `by_place`, `home_of` tells the commune of
    each column; NA when nobody comes or that commune is unknown.
    """
    found = {}
    for column in coming.columns:
        total, commune = float(coming[column].sum()), home_of.get(column)
        known = commune is not None and total > 0
        found[column] = float(coming[column].get(commune, 0.0)) / total if known else np.nan
    return pd.Series(found, dtype=float)


def moves(before: pd.Series, after: pd.Series) -> dict[str, float]:
    """
    Return what each place gains (or loses, negative), people a week, the largest move first.

    Both [place_id] are people a week; moves below 0.05 are left out.
    """
    places = before.index.union(after.index)
    gain = after.reindex(places, fill_value=0.0) - before.reindex(places, fill_value=0.0)
    told = gain[gain.abs() >= LEAST]
    order = sorted(told.index, key=lambda p: (-abs(told[p]), p))
    return {str(p): float(told[p]) for p in order}


def closing_sentence(
    name: str, lost: float, gains: Mapping[str, float], names: Mapping[str, str]
) -> str:
    """
    Say in French where the `lost` people a week of a permanence that closes go, and who stays home.

    `gains` is people a week by place (`moves`), `names` how places are called.
    """
    going = {p: g for p, g in gains.items() if g > 0}
    parts = [f"{_few(g)} à {names.get(p, 'un lieu non nommé')}" for p, g in going.items()]
    away = max(lost - sum(going.values()), 0.0)
    where = f" iraient : {', '.join(parts)}" if parts else " n'iraient nulle part ailleurs"
    stays = f" ; {_few(away)} ne viendraient plus" if parts and away >= LEAST else ""
    return f"Sans la permanence de {name}, {_few(lost)} personnes par semaine{where}{stays}."


def _few(people: float) -> str:
    return f"{people:.1f}".replace(".", ",")
