"""The note that justifies an extension: what was retained, who asked what, when, at what cost."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from territory.analysis.siting.spoken import THIN, day, listed, number
from territory.model.results import Ending

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.model.dialogue_results import Extension, Price
    from territory.model.requests import Request


def justification(plan: Extension, requests: Sequence[Request], names: Sequence[str]) -> Extension:
    """
    Return `plan` with its note, French lines: the choice, the proof, every request and its price.

    Each request stands there with who asked it, the day, and why; `names` [groups] are what the
    groups are called.
    """
    lines = _impossible(plan) if plan.ending is Ending.IMPOSSIBLE else _choice(plan, len(names))
    lines += ["Demandes :"] if requests else ["Aucune demande n'a été enregistrée."]
    lines += [_asked(r, p, names) for r, p in zip(requests, plan.prices.each, strict=True)]
    lines += [
        f"Ensemble, les demandes de « {p.who} » coûtent {_people(p.price)}."
        for p in plan.prices.by_who
        if p.price is not None
    ]
    return replace(plan, note=tuple(lines))


def _choice(plan: Extension, candidates: int) -> list[str]:
    lines = [
        f"Groupes de quartiers retenus : {len(plan.groups)} sur {candidates} candidats.",
        *(
            f"{rank}. « {g.name} » ({listed(g.quarters)}) : {_people(g.gain)} de plus."
            for rank, g in enumerate(plan.groups, 1)
        ),
    ]
    share = f"{number(100 * plan.need / plan.total, 0)}{THIN}%" if plan.total else "0 %"
    lines.append(
        f"Ils comptent {_people(plan.need)} que personne ne sert encore, sur "
        f"{number(plan.total, 0)} ({share})."
    )
    if plan.ending is Ending.OPTIMAL:
        return [*lines, "Aucun autre choix qui respecte les demandes n'en compte plus."]
    return [*lines, f"Un autre choix pourrait en compter jusqu'à {number(plan.bound, 0)}."]


def _impossible(plan: Extension) -> list[str]:
    lines = ["Les demandes et les limites ne peuvent pas être tenues toutes ensemble."]
    ways = plan.ways_out.found if plan.ways_out else ()
    return lines + [f"{w.sentence} Le choix compte alors {_people(w.objective)}." for w in ways]


def _asked(request: Request, price: Price, names: Sequence[str]) -> str:
    groups = listed([f"« {names[j]} »" for j in request.options])
    said = f"- {request.who}, le {day(request.on)} : {request.kind.verb} {groups}"
    return f"{said} (motif : {request.why}) ; {_cost(price)}."


def _cost(price: Price) -> str:
    if price.price is None or price.low is None or price.high is None:
        return "coût inconnu : aucun choix ne tient toutes les demandes"
    if price.high - price.low >= 0.5:  # noqa: PLR2004 - people are shown whole
        return f"coût : entre {number(price.low, 0)} et {_people(price.high)}"
    return f"coût : {_people(price.price)}" if price.price >= 0.5 else "ne coûte rien"  # noqa: PLR2004


def _people(value: float) -> str:
    return f"{number(value, 0)} personne" + ("s" if value >= 2 else "")  # noqa: PLR2004 - plural
