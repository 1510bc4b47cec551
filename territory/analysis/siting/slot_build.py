"""From options and pulls to the problem to solve: what stays, what may move, what cannot be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import scipy.sparse as sp

from territory.analysis.access import slot_names
from territory.analysis.siting.slot_options import slot_number
from territory.analysis.siting.slot_problem import SlotLimits, SlotProblem
from territory.errors import WrongUsage
from territory.model.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from territory.settings import Sites


def slot_problem(
    options: pd.DataFrame,
    rows: pd.DataFrame,
    pull: sp.csc_matrix,
    *,
    visits: float,
    settings: Sites,
    names: pd.Series,
) -> SlotProblem:
    """
    Return the problem of opening `settings.add` half-days more, the others kept unless told so.

    `options` come from `slot_options`, `rows` and `pull` from `slot_rows` and `slot_pull`; `visits`
    a week of one person at the very most; `names` [place_id] are what places are called. Every
    permanence held now stays, but those that the settings let move, close or forbid. One more may
    open for each that may move, as long as the hours of the team do not grow by it. Raises
    WrongUsage (French) when a place or half-day of the settings is not there.
    """
    present = options["present"].to_numpy(bool)
    movable = _named(settings.movable, options, names, present, "deplacables")
    closable = _named(settings.closable, options, names, present, "fermables")
    kept = _named(settings.kept, options, names, present, "garder")
    forbidden = _named(settings.forbidden, options, names, None, "interdire")
    if (forbidden & kept).any():
        raise WrongUsage("Une permanence est à la fois à garder et interdite : choisissez.")
    movable, closable = (mask & ~kept & ~forbidden for mask in (movable, closable & ~movable))
    fixed = present & ~movable & ~closable & ~forbidden
    whole, reach = _required(settings.required, options, names)
    if (whole & forbidden).any():
        raise WrongUsage("Une permanence est à la fois imposée et interdite : choisissez.")
    limits = SlotLimits(
        hours=_hours(options, settings, movable, forbidden),
        opened=float(settings.add + movable.sum()),
        closed=float((movable | closable | (present & forbidden)).sum()),
        at_once=_at_once(options),
        in_place=float(max(settings.in_place, _most_held(options))),
        reach=reach,
    )
    return SlotProblem(
        weights=rows["people"].to_numpy(float) * visits,
        pull=sp.csc_matrix(pull),
        outside=np.full(len(rows), float(settings.outside)),
        place=pd.factorize(options["place_id"], sort=True)[0].astype(np.int64),
        slot=slot_number(options["slot"]),
        hours=options["hours"].to_numpy(float),
        capacity=options["capacity"].to_numpy(float),
        least=np.where(present, 0.0, settings.least),
        present=present,
        fixed=fixed | whole,
        forbidden=forbidden,
        limits=limits,
    )


def chosen_options(
    reference: str, options: pd.DataFrame, names: pd.Series
) -> tuple[NDArray[np.bool_], bool]:
    """
    Return which options « PLACE » or « PLACE:half-day » means [options], and whether one half-day.

    PLACE is an id or the whole name of a place that is the only one to be called so. Raises
    WrongUsage (French) when no place, or no option of it, is meant.
    """
    slots = {plain(name): name for name in slot_names()}
    head, _, tail = reference.rpartition(":")
    slot = slots.get(plain(tail)) if head else None
    written = (head if slot else reference).strip()
    called = names.fillna("").map(plain)
    known = [written] if written in names.index else list(names.index[called == plain(written)])
    if len(known) != 1:
        several = (
            "plusieurs lieux portent ce nom, donnez l'identifiant" if known else "lieu inconnu"
        )
        raise WrongUsage(f"« {reference} » : {several}.")
    mask = (options["place_id"] == known[0]).to_numpy(bool)
    mask &= (options["slot"] == slot).to_numpy(bool) if slot else True
    if not mask.any():
        when = f" le {tail.strip()}" if slot else ""
        raise WrongUsage(
            f"« {reference} » : aucune permanence n'y est possible{when} (lieu fermé ou ouvert "
            "trop peu de temps, personne de libre, ou lieu qui ne peut pas accueillir)."
        )
    return mask, slot is not None


def with_reach(problem: SlotProblem, rows: sp.csr_matrix) -> SlotProblem:
    """Return `problem` with guarantees [guarantees, options] added to those it has."""
    had = problem.limits.reach
    both = rows if had is None else sp.vstack([had, rows])
    return replace(problem, limits=replace(problem.limits, reach=sp.csr_matrix(both)))


def part(problem: SlotProblem, kept: NDArray[np.int64]) -> SlotProblem:
    """Return the problem with the options at positions `kept` [n] only; its limits stay."""
    reach = problem.limits.reach
    cut = None if reach is None else sp.csr_matrix(sp.csc_matrix(reach)[:, kept])
    names = ("place", "slot", "hours", "capacity", "least", "present", "fixed", "forbidden")
    return replace(
        problem,
        pull=problem.pull[:, kept],
        limits=replace(problem.limits, reach=cut),
        **{name: getattr(problem, name)[kept] for name in names},
    )


def _named(
    references: Iterable[str],
    options: pd.DataFrame,
    names: pd.Series,
    within: NDArray[np.bool_] | None,
    setting: str,
) -> NDArray[np.bool_]:
    """Return the options meant by any of `references`, held now when `within` says so."""
    found = np.zeros(len(options), bool)
    for reference in references:
        mask, _ = chosen_options(reference, options, names)
        mask = mask if within is None else mask & within
        if not mask.any():
            raise WrongUsage(f"« {reference} » ({setting}) : aucune permanence n'y est tenue.")
        found |= mask
    return found


def _required(
    references: Iterable[str], options: pd.DataFrame, names: pd.Series
) -> tuple[NDArray[np.bool_], sp.csr_matrix | None]:
    """Return the options that must be, and one row [places, options] for a place at any time."""
    whole, anywhen = np.zeros(len(options), bool), []
    for reference in references:
        mask, one = chosen_options(reference, options, names)
        if one:
            whole |= mask
        else:
            anywhen.append(mask)
    return whole, sp.csr_matrix(np.array(anywhen, float)) if anywhen else None


def _hours(
    options: pd.DataFrame,
    settings: Sites,
    movable: NDArray[np.bool_],
    forbidden: NDArray[np.bool_],
) -> float:
    told = np.inf if settings.weekly_h is None else settings.weekly_h
    if not movable.any():
        return float(told)
    held = options["present"].to_numpy(bool) & ~forbidden
    session = settings.session_h + settings.preparation_h
    return float(min(told, options["hours"].to_numpy(float)[held].sum() + settings.add * session))


def _at_once(options: pd.DataFrame) -> NDArray[np.float64] | None:
    """Return how many permanences a half-day can hold: those held now, and workers still free."""
    if (options["free"] < 0).any() or not len(options):
        return None
    by_slot = options.groupby("slot")
    held = by_slot["present"].sum().reindex(slot_names(), fill_value=0)
    free = by_slot["free"].max().reindex(slot_names(), fill_value=0)
    room: NDArray[np.float64] = (held + free).to_numpy(float)
    return room


def _most_held(options: pd.DataFrame) -> int:
    held = options[options["present"]].groupby("place_id").size()
    return int(held.max()) if len(held) else 0
