"""Where a new permanence would bring most people in reach, with a proof."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import highspy
import numpy as np
import scipy.sparse as sp

from territory.model.results import Ending, Site, SiteOutcome, SitePlan

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd
    from numpy.typing import NDArray

# Places with a room open to the public where people can sit down and talk.
HOST_KINDS = frozenset(
    {
        "association",
        "cap_emploi",
        "ccas",
        "centre_social",
        "club_prevention",
        "departement",
        "epicerie_solidaire",
        "espace_numerique",
        "foyer",
        "france_services",
        "france_travail",
        "mairie",
        "maison_emploi",
        "maison_quartier",
        "mediatheque",
        "mission_locale",
        "plie",
        "pmi_sante",
        "regie_quartier",
    }
)


def max_cover(  # noqa: PLR0913 - the contract of the siting problems
    weights: NDArray[np.float64],
    covers: object,
    p: int,
    *,
    fixed: Sequence[int] = (),
    forbidden: Sequence[int] = (),
    time_limit_s: float = 60.0,
    seed: int = 0,
) -> SiteOutcome:
    """
    Choose `p` candidates (the `fixed` ones included) covering most weight (Church, ReVelle 1974).

    `weights` [demand]; `covers` bool [demand, candidates], dense or sparse; `fixed` and `forbidden`
    are candidate positions. Demands covered by the same candidates are one row; cover variables are
    relaxed. The bound is proven (HiGHS) within `time_limit_s` seconds. A `p` that cannot be, or a
    `fixed` candidate that is forbidden, ends as « impossible »: nothing is raised.
    """
    began = time.perf_counter()
    table = sp.csr_matrix(covers, dtype=bool)
    free = set(range(table.shape[1])) - set(forbidden)
    if set(fixed) - free or not len(set(fixed)) <= p <= len(free):
        none = tuple(-1 for _ in range(table.shape[0]))
        return SiteOutcome((), 0.0, 0.0, Ending.IMPOSSIBLE, none, time.perf_counter() - began)
    groups, mass = _aggregated(table, np.asarray(weights, float))
    with _silent_output():
        model = highspy.Highs()  # type: ignore[no-untyped-call]
    for key, value in (
        ("log_to_console", False),("output_flag", False), ("random_seed", seed), ("threads", 1),
                       ("time_limit", float(time_limit_s)), ("mip_rel_gap", 0.0)):  # fmt: skip
        model.setOptionValue(key, value)
    model.passModel(_model(groups, mass, p, (set(fixed), free)))
    model.run()
    return _outcome(model, table, np.asarray(weights, float), began)


@contextmanager
def _silent_output() -> Iterator[None]:
    """HiGHS prints a banner when made, below Python; nothing but answers may reach the output."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def _aggregated(
    table: sp.csr_matrix, weights: NDArray[np.float64]
) -> tuple[list[tuple[int, ...]], list[float]]:
    found: dict[tuple[int, ...], float] = {}
    for row in range(table.shape[0]):
        key = tuple(sorted(table.indices[table.indptr[row] : table.indptr[row + 1]].tolist()))
        if key and weights[row] > 0:
            found[key] = found.get(key, 0.0) + float(weights[row])
    keys = sorted(found)
    return keys, [found[k] for k in keys]


def _model(
    groups: list[tuple[int, ...]], mass: list[float], p: int, sites: tuple[set[int], set[int]]
) -> highspy.HighsLp:
    fixed, free = sites
    n, m = max(free, default=-1) + 1, len(groups)
    rows = [[(j, -1.0) for j in g if j < n] + [(n + i, 1.0)] for i, g in enumerate(groups)]
    rows.append([(j, 1.0) for j in range(n)])
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = n + m, m + 1
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_ = np.array([0.0] * n + mass)
    lp.col_lower_ = np.array([float(j in fixed) for j in range(n)] + [0.0] * m)
    lp.col_upper_ = np.array([float(j in free) for j in range(n)] + [1.0] * m)
    lp.row_lower_ = np.array([-highspy.kHighsInf] * m + [float(p)])
    lp.row_upper_ = np.array([0.0] * m + [float(p)])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.cumsum([0] + [len(r) for r in rows])
    lp.a_matrix_.index_ = np.array([j for r in rows for j, _ in r], dtype=np.int32)
    lp.a_matrix_.value_ = np.array([v for r in rows for _, v in r])
    kinds = highspy.HighsVarType
    lp.integrality_ = [kinds.kInteger] * n + [kinds.kContinuous] * m
    return lp


def _outcome(
    model: highspy.Highs, table: sp.csr_matrix, weights: NDArray[np.float64], began: float
) -> SiteOutcome:
    status, info = model.getModelStatus(), model.getInfo()
    solved = status == highspy.HighsModelStatus.kOptimal
    values = np.array(model.getSolution().col_value)[: table.shape[1]]
    chosen = tuple(int(j) for j in np.flatnonzero(values > 0.5))  # noqa: PLR2004 - yes or no
    serving = [[j for j in chosen if table[i, j]] for i in range(table.shape[0])]
    assignment = tuple(s[0] if s else -1 for s in serving)
    objective = float(sum(w for w, a in zip(weights, assignment, strict=True) if a >= 0))
    bound = objective if solved else float(min(info.mip_dual_bound, weights.sum()))
    ending = Ending.OPTIMAL if solved else Ending.TIME_UP if chosen else Ending.FAILED
    return SiteOutcome(chosen, objective, bound, ending, assignment, time.perf_counter() - began)


def suggest_sites(
    need: pd.DataFrame,
    minutes: pd.DataFrame,
    places: pd.DataFrame,
    permanences: pd.DataFrame,
    *,
    limit_min: float,
    add: int,
) -> SitePlan:
    """
    Suggest `add` places for a permanence, counting only target residents not yet in reach.

    `need` is that of `cell_need`, `minutes` [cell_id x place_id] has inf = out of reach,
    `limit_min` is minutes on foot. Candidates are fixed, not sensitive, have not refused, and are
    of a kind that can host; existing permanences stay. Sites that bring nobody are dropped; the
    bound is the target residents (people) in reach that no other choice exceeds (`max_cover`).
    """
    target = need["target"].astype(float).fillna(0.0).sort_index()
    near = minutes.reindex(target.index).le(limit_min)
    hosts = sorted(set(permanences["place_id"]) & set(near.columns))
    served = near[hosts].any(axis="columns")
    names = [n for n in _candidates(places) if n in near.columns and n not in hosts]
    covers = near[names].to_numpy()
    weights = target.where(~served, 0.0).to_numpy()
    count = min(add, len(names))
    outcome = max_cover(weights, sp.csr_matrix(covers), count)
    before = float(target[served].sum())
    sites = _sites([names[j] for j in outcome.chosen], near, target, served, places)
    short = Ending.IMPOSSIBLE if not names and add else outcome.ending
    described = tuple(_described(s, limit_min) for s in sites)
    return SitePlan(described, limit_min, short, before + outcome.bound)


def _candidates(places: pd.DataFrame) -> list[str]:
    able = places["kind"].isin(HOST_KINDS)
    able &= places["fixed_point"].fillna(value=True).astype(bool)
    able &= ~places["sensitive"].fillna(value=False).astype(bool)
    able &= places["hosts_permanence"].fillna(value=True).astype(bool)
    able &= ~places["status"].isin(["refus", "inactive"])
    return [str(i) for i in sorted(places.index[able])]


def _sites(
    names: list[str], near: pd.DataFrame, target: pd.Series, served: pd.Series, places: pd.DataFrame
) -> list[Site]:
    """Order the chosen places by what each still brings; those that bring nothing are dropped."""
    sites: list[Site] = []
    left = list(names)
    while left:
        gains = {n: float(target[near[n] & ~served].sum()) for n in left}
        best = min(left, key=lambda n: (-gains[n], n))
        if gains[best] <= 0:
            break
        left.remove(best)
        before = float(target[served].sum())
        served = served | near[best]
        row = places.loc[best]
        code = None if row.isna()["commune_code"] else str(row["commune_code"])
        sites.append(Site(len(sites) + 1, best, str(row["name"]), str(row["kind"]), code,
                          gains[best], before, float(target[served].sum()), float(target.sum()),
                          ""))  # fmt: skip
    return sites


def _described(site: Site, limit_min: float) -> Site:
    def share(value: float) -> str:
        return f"{100 * value / site.target_total:.1f}".replace(".", ",") + "\u202f%"

    people = f"{site.gained_target:,.0f}".replace(",", "\u202f")
    return replace(
        site,
        reason=f"Une permanence ici met environ {people} personnes de plus à moins de "
        f"{limit_min:.0f}\u202fmin à pied : la part du public à portée passe de "
        f"{share(site.covered_before)} à {share(site.covered_after)}.",
    )
