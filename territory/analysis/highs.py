"""Linear and mixed-integer programmes given to HiGHS as arrays, with a bound and a clean stop."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import highspy
import numpy as np
import scipy

from territory.model.results import Ending

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

STATUS = highspy.HighsModelStatus
ENDINGS = {
    STATUS.kOptimal: Ending.OPTIMAL,
    STATUS.kInfeasible: Ending.IMPOSSIBLE,
    STATUS.kUnboundedOrInfeasible: Ending.IMPOSSIBLE,
    STATUS.kTimeLimit: Ending.TIME_UP,
    STATUS.kInterrupt: Ending.TIME_UP,
    STATUS.kObjectiveBound: Ending.TIME_UP,
}


@dataclass(frozen=True, slots=True)
class Rows:
    """Compressed sparse rows, as scipy.sparse names them, for what must not load it."""

    indptr: NDArray[np.int32]
    indices: NDArray[np.int32]
    data: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Programme:
    """
    Best of `cost` x under `row_low` <= `rows` x <= `row_high` and `low` <= x <= `high`.

    `cost`, `low`, `high` [columns]; `rows` sparse [rows, columns]; `whole` [columns] marks the
    columns that must be integers; `maximise` says which way is better.
    """

    cost: NDArray[np.float64]
    rows: Any  # scipy.sparse.csr_matrix, or Rows
    row_low: NDArray[np.float64]
    row_high: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    whole: NDArray[np.bool_]
    maximise: bool = False


@dataclass(frozen=True, slots=True)
class Solved:
    """
    What HiGHS found: values [columns] (None without any), their objective, a proven bound.

    `prices` [rows] are the duals of the rows, `reduced` [columns] the reduced costs, of a linear
    programme solved to its end (None otherwise). The ending is never « optimal » when stopped;
    `interrupted` when Ctrl-C did it.
    """

    values: NDArray[np.float64] | None
    objective: float
    bound: float
    ending: Ending
    prices: NDArray[np.float64] | None = None
    reduced: NDArray[np.float64] | None = None
    interrupted: bool = False


def solve(
    programme: Programme,
    *,
    time_limit_s: float,
    seed: int = 0,
    gap: float = 0.0,
    start: NDArray[np.float64] | None = None,
) -> Solved:
    """
    Solve `programme` within `time_limit_s` seconds; stopped by Ctrl-C, it keeps what it has.

    `gap` is the relative gap (0-1) at which the search may end; `start` [columns] a known answer.
    Ends as impossible when nothing fits, out of time when stopped first, failed when HiGHS gives
    up; nothing is raised. One thread, so that the same seed gives the same answer.
    """
    model = new_model(programme, seed=seed)
    whole = bool(programme.whole.any())
    return answer(model, time_limit_s, gap, start, maximise=programme.maximise, whole=whole)


def new_model(programme: Programme, *, seed: int) -> Any:  # noqa: ANN401 - HiGHS is not typed
    """Return `programme` as a silent model of HiGHS: one thread, stopped by Ctrl-C."""
    with _silent_output():
        model = highspy.Highs()  # type: ignore[no-untyped-call]
    options = {
        "log_to_console": False, "output_flag": False, "threads": 1, "random_seed": seed,
    }  # fmt: skip
    for key, value in options.items():
        model.setOptionValue(key, value)
    model.passModel(_as_highs(programme))
    model.HandleKeyboardInterrupt = True
    return model


def answer(
    model: Any,  # noqa: ANN401 - HiGHS is not typed
    time_limit_s: float,
    gap: float,
    start: NDArray[np.float64] | None,
    *,
    maximise: bool,
    whole: bool,
) -> Solved:
    """Run `model` for `time_limit_s` seconds, from `start` [columns]; return what it found."""
    model.setOptionValue("time_limit", max(float(time_limit_s), 0.01))
    model.setOptionValue("mip_rel_gap", gap)
    if start is not None:
        known = highspy.HighsSolution()
        known.col_value = list(map(float, start))
        model.setSolution(known)
    with _silent_output():
        model.solve()
    return _answer(model, maximise=maximise, whole=whole)


def _as_highs(programme: Programme) -> highspy.HighsLp:
    given = programme.rows
    rows = given if isinstance(given, Rows) else scipy.sparse.csr_matrix(given)
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = len(programme.row_low), len(programme.cost)
    lp.sense_ = highspy.ObjSense.kMaximize if programme.maximise else highspy.ObjSense.kMinimize
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = programme.cost, programme.low, programme.high
    lp.row_lower_, lp.row_upper_ = programme.row_low, programme.row_high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = rows.indptr, rows.indices
    lp.a_matrix_.value_ = rows.data.astype(float)
    if programme.whole.any():
        kinds = highspy.HighsVarType
        lp.integrality_ = [kinds.kInteger if w else kinds.kContinuous for w in programme.whole]
    return lp


def _answer(model: Any, *, maximise: bool, whole: bool) -> Solved:  # noqa: ANN401
    info, found = model.getInfo(), model.getSolution()
    ending = ENDINGS.get(model.getModelStatus(), Ending.FAILED)
    none = np.inf if maximise else -np.inf
    some = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    values = np.array(found.col_value) if some else None
    objective = float(info.objective_function_value) if some else -none
    if whole:
        return Solved(values, objective, float(info.mip_dual_bound), ending)
    if ending is not Ending.OPTIMAL:
        stopped = model.getModelStatus() == STATUS.kInterrupt
        return Solved(values, objective, none, ending, interrupted=stopped)
    prices, reduced = np.array(found.row_dual), np.array(found.col_dual)
    return Solved(values, objective, objective, ending, prices, reduced)


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
