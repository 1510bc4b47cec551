"""The report on the walking network: how much it holds, whom it leaves out, what to mend first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from territory.network.audit import describe
from territory.network.audit.unreached import CUT_OFF, FAR, UNTIED
from territory.outputs.french import HARD, number, percent
from territory.outputs.network_faults import KINDS, Fault, metres, network_faults

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.network.audit import NetworkAudit

FIRST = 2  # faults of each kind told first
LISTED = 20  # faults of one kind in the text; all are in the GeoPackage
_NO_BARRIERS = (
    "Voies ferrées, eau et autoroutes : l’extrait n’en donne pas, les impasses qu’elles coupent ne "
    "sont pas cherchées."
)


def network_summary(found: NetworkAudit) -> list[str]:
    """Return the figures, who is left out, and how many faults of each kind: French sentences."""
    return [*describe(found.figures), *_population(found), *_snap(found), *_counts(found)]


def first_faults(found: NetworkAudit) -> list[str]:
    """Return the two faults of each kind that concern most people, most first, a line each."""
    told = [f for f in network_faults(found) if f.rank <= FIRST and f.residents != 0]
    if not told:
        return ["Rien à corriger n’a été trouvé."]
    lines = [f"  {n}. {line(fault)}" for n, fault in enumerate(told, 1)]
    known = "" if pd.isna(found.residents) else ", par habitants concernés"
    return [f"À regarder d’abord{known} :", *lines]


def network_report(found: NetworkAudit, title: str) -> str:
    """Return the report as text: summary, first faults, then each kind, 20 at most of each."""
    faults = network_faults(found)
    parts = [[title], network_summary(found), first_faults(found)]
    parts += [_section(kind, [f for f in faults if f.kind == kind]) for kind in KINDS]
    return "\n\n".join("\n".join(part) for part in parts if part) + "\n"


def line(fault: Fault) -> str:
    """Return a fault in one line: its key on the map, what, how much, what to do."""
    return f"[{fault.key}] {fault.title}. {fault.fact} {fault.todo}".rstrip()


def _section(kind: str, faults: Sequence[Fault]) -> list[str]:
    if not faults:
        return []
    ordered = sorted(faults, key=lambda f: f.rank)
    rest = len(ordered) - LISTED
    more = [f"- et {number(rest)} autres, dans reseau.gpkg."] if rest > 0 else []
    head = f"{KINDS[kind][1]} : {number(len(ordered))}"
    if len({fault.todo for fault in ordered}) == 1:  # said once
        head += f". {ordered[0].todo}"
        ordered = [replace(fault, todo="") for fault in ordered]
    return [head, *(f"- {line(fault)}" for fault in ordered[:LISTED]), *more]


def _population(found: NetworkAudit) -> list[str]:
    if pd.isna(found.residents):
        return ["Population inconnue : les défauts ne sont pas rangés par habitants concernés."]
    by_reason = found.unreached.groupby("reason")["residents"].sum()
    left, total = float(by_reason.sum()), found.residents
    if not left:
        return [f"Les {number(total)}{HARD}habitants ont tous un temps de marche."]
    told = {
        UNTIED: "sans rue assez proche",
        CUT_OFF: "près d’un morceau séparé",
        FAR: f"à plus de {number(found.far_min)}{HARD}min de tout lieu",
    }
    parts = [f"{number(by_reason[r])} {what}" for r, what in told.items() if r in by_reason]
    share = percent(left / total, 1)
    return [
        f"Mal ou pas atteints à pied : {number(left)}{HARD}habitants sur {number(total)} "
        f"({share}), dont {', '.join(parts)}."
    ]


def _snap(found: NetworkAudit) -> list[str]:
    people = found.snap["residents"]
    if people.isna().any():
        return []
    half, most, nearly, _ = (metres(v) for v in people)
    return [
        f"De chez soi à la rue : {half} pour la moitié des habitants, {most} ou moins pour 9 sur "
        f"10, {nearly} ou moins pour 99 sur 100."
    ]


def _counts(found: NetworkAudit) -> list[str]:
    kinds = pd.Series([f.kind for f in network_faults(found)], dtype="object").value_counts()
    told = [f"{KINDS[k][1].lower()} : {number(kinds[k])}" for k in KINDS if k in kinds]
    text = [f"Défauts trouvés : {' ; '.join(told)}."] if told else []
    return text if found.barriers_known else [*text, _NO_BARRIERS]
