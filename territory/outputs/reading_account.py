"""What reading every file comes to: what the team must mend, what it need not, what lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.analysis.freshness import STALE, UNDATED
from territory.model.facts import FACTS
from territory.model.kinds import LABELS, OWN
from territory.outputs.french import number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from territory.model.issues import ReadReport

# Kinds worth asking for, and what stays unknown without them.
WANTED = {
    "communes": "rien n'est possible sans elles",
    "cells": "sans eux, ni besoin ni zones",
    "streets": "sans elles, ni temps de marche ni semaine",
    "qpv": "sans eux, « QPV » reste inconnu",
    "qva": "sans eux, « QVA » reste inconnu ; aucun fichier national, demandez-les à la ville",
    "partners": "sans elles, ni suivi des structures ni doublons",
    "activities": "sans elles, ni passages ni export",
    "team": "sans elle, aucune semaine",
    "availability": "sans elles, du lundi au vendredi est supposé",
}


def reading_account(reports: Sequence[ReadReport], received: Iterable[str]) -> list[str]:
    """Return the closing French lines of `check`; `received` are the kinds in the folder."""
    here = set(received)
    own = [r for r in reports if r.read and r.kind in OWN]
    published = [r for r in reports if r.read and r.kind not in OWN]
    return [*_own(own), *_published(published), *_missing(here)]


def facts_account(judged: pd.DataFrame) -> list[str]:
    """Return how many facts are to be verified again, by kind; `judged` of `fact_freshness`."""
    told = [_aged(fact.label, judged[judged["fact"] == code]) for code, fact in FACTS.items()]
    return [f"À vérifier de nouveau : {' ; '.join(filter(None, told))}."] if len(judged) else []


def _aged(label: str, facts: pd.DataFrame) -> str:
    if facts.empty:
        return ""
    stale, undated = ((facts["level"] == level).sum() for level in (STALE, UNDATED))
    unsaid = f" (et {number(undated)} sans date)" if undated else ""
    return f"{label} {number(stale)} sur {number(len(facts))}{unsaid}"


def _own(reports: Sequence[ReadReport]) -> list[str]:
    if not reports:
        return []
    refused = sum(r.refused for r in reports)
    faults = sum(i.code.startswith("E-") and i.kept for r in reports for i in r.issues)
    todo = [f"{number(refused)} à corriger (E-)"] if refused else []
    todo += [f"{number(faults)} gardées avec un défaut (E-)"] if faults else []
    ending = ", ".join(todo) or "rien à corriger"
    return [f"Tableaux de l'équipe : {_counted(reports)}, {ending}."]


def _published(reports: Sequence[ReadReport]) -> list[str]:
    if not reports:
        return []
    refused = sum(r.refused for r in reports)
    ending = (
        f"{number(refused)} inutilisables. Vous n'avez rien à faire, sauf si un lieu que vous "
        "connaissez manque : ajoutez-le à vos partenaires."
        if refused
        else "toutes utilisables."
    )
    return [f"Données publiées : {_counted(reports)}, {ending}"]


def _counted(reports: Sequence[ReadReport]) -> str:
    files = len({r.file for r in reports})
    lines = f"{number(sum(r.read for r in reports))} lignes"
    return f"{files} fichier{'s' if files > 1 else ''}, {lines}"


def _missing(here: set[str]) -> list[str]:
    lines = [f"  {LABELS[kind]} : {why}" for kind, why in WANTED.items() if kind not in here]
    missing = ["Pas encore reçus :", *lines] if lines else []
    streets = ["Les rues sont lues et vérifiées par « territory build »."]
    return [*missing, *(streets if "streets" in here else [])]
