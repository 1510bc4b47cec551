"""
What was decided on places, by whom, when and why: decisions.jsonl in the territory folder.

Lines are only ever added; a decision is taken back by another line that names the number of its
own. Organisations are named, never people.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

from territory.errors import WrongUsage
from territory.io.audit_log import append_json
from territory.io.privacy import holds_identifier
from territory.model.issues import Issue
from territory.model.requests import Ask, Decision

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE_NAME = "decisions.jsonl"
_LONGEST = {"who": 80, "why": 400, "place_id": 200, "slot": 40}
_WORDS = {"who": "l'organisme", "why": "le motif", "place_id": "le lieu", "slot": "la demi-journée"}


def append_decision(folder: Path, decision: Decision) -> int:
    """
    Add one decision to the log of a territory `folder`; return the number of its line.

    The line is flushed to the disk, and closes first one that a crash left torn. Raises WrongUsage
    (French) when the decision says nothing, undoes no earlier line, or holds an e-mail address or a
    telephone number; OSError when the disk refuses.
    """
    known, _ = read_decisions(folder)
    fault = _fault(asdict(decision), known)
    if fault:
        raise WrongUsage(f"La décision n'est pas notée : {fault}")
    row = {**asdict(decision), "on": decision.on.isoformat()}
    path = append_json(folder / FILE_NAME, row)
    return path.read_bytes().count(b"\n")


def read_decisions(folder: Path) -> tuple[dict[int, Decision], tuple[Issue, ...]]:
    """
    Return the decisions by line number, in order, and the lines left out, torn or edited.

    No file: no decision. A line that holds an e-mail address or a telephone number is left out.
    """
    path = folder / FILE_NAME
    known: dict[int, Decision] = {}
    issues: list[Issue] = []
    content = path.read_bytes() if path.exists() else b""
    for number, line in enumerate(content.split(b"\n"), 1):
        if not line.strip():
            continue
        row = _row(line)
        fault = _fault(row, known) if row else "elle est coupée ou illisible."
        if row is None or fault:
            what = f"cette décision n'est pas reprise : {fault}"
            issues.append(Issue("E-DECISION", FILE_NAME, what, line=number))
        else:
            known[number] = Decision(**row)
    return known, tuple(issues)


def in_force(decisions: Mapping[int, Decision], on: date) -> dict[int, Decision]:
    """
    Return the decisions (by line number) that hold on the day `on`, in the order of the log.

    Those dated later do not count yet; a decision undone by one that holds does not hold, and holds
    again when the one that undid it is itself undone.
    """
    undone: set[int] = set()
    for number in sorted(decisions, reverse=True):  # a line is undone by later ones only
        decision = decisions[number]
        if decision.on <= on and number not in undone and decision.undoes is not None:
            undone.add(decision.undoes)
    return {
        number: decisions[number]
        for number in sorted(decisions)
        if decisions[number].on <= on
        and number not in undone
        and decisions[number].kind is not None
    }


def _row(line: bytes) -> dict[str, Any] | None:
    """Return the fields of a line with their types, None when it is not a decision."""
    try:
        row = json.loads(line)
        kind = None if row["kind"] is None else Ask(row["kind"])
        row = {**row, "on": date.fromisoformat(row["on"]), "kind": kind}
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    fields = set(Decision.__dataclass_fields__)
    return row if set(row) <= fields and {"who", "place_id", "why"} <= set(row) else None


def _fault(row: Mapping[str, Any], known: Mapping[int, Decision]) -> str:
    """Return in French what is wrong with a decision, "" when nothing is."""
    for field, longest in _LONGEST.items():
        value = row.get(field)
        if field == "slot" and value is None:
            continue
        if not isinstance(value, str) or len(value) > longest:
            return f"{_WORDS[field]} doit être un texte de {longest} caractères au plus."
        if field in {"who", "why"} and not value.strip():
            return f"{_WORDS[field]} manque."
        if field in {"who", "why"} and holds_identifier(value):
            return (
                f"{_WORDS[field]} contient une adresse électronique, un numéro de téléphone ou un "
                "autre identifiant. Nommez l'organisme, jamais une personne."
            )
    return _undoing_fault(row, known)


def _undoing_fault(row: Mapping[str, Any], known: Mapping[int, Decision]) -> str:
    undoes = row.get("undoes")
    if undoes is None:
        named = row["kind"] is not None and row["place_id"].strip()
        return "" if named else "il manque ce qui est demandé ou le lieu concerné."
    if type(undoes) is not int or undoes not in known:
        return "elle annule une ligne qui n'existe pas."
    if row["kind"] is not None and not row["place_id"].strip():
        return "le lieu manque."
    return ""
