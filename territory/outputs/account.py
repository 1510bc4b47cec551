"""The short French account that ends a run: what was found, what is doubtful, where it lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from territory.model.marked import marked
from territory.model.results import Ending
from territory.model.walking import PURPOSES
from territory.outputs.french import (
    THIN,
    number,
    percent,
    spoken_slot,
)
from territory.outputs.passage_layers import calibrated
from territory.outputs.zone_cards import MEANINGS, change_line, stability_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from territory.model.results import Calibration, Gap, Site, SitePlan
    from territory.settings import Gaps

_SHOWN = 3


def zones_account(gaps: Sequence[Gap]) -> list[str]:
    """Return a heading, then each zone: its verdict, its three reasons, what it would take."""
    if not gaps:
        return ["Aucune zone peu couverte n'a été trouvée."]
    lines = [f"{len(gaps)} zones peu couvertes, dans l'ordre où y aller :"]
    for gap in gaps:
        meaning = MEANINGS[gap.verdict]
        lines.append(f"  {gap.rank}. {gap.name} ({gap.verdict}){THIN}: {meaning}")
        doubts = (stability_line(gap), change_line(gap))
        sentences = (*(reason.sentence for reason in gap.reasons), *filter(None, doubts))
        lines += [f"     - {sentence}" for sentence in sentences]
    return lines


def searched_account(searched: float, settings: Gaps) -> list[str]:
    """Return where zones are not searched; `searched` is the share, 0-1, of `searched_share`."""
    level = number(100 * settings.need_level)
    return [
        f"Cherchées là où vit {percent(searched)} du public : à {number(settings.access_min)} "
        f"minutes ou plus d'une permanence, et avec un besoin d'au moins {level}{THIN}% de la "
        "moyenne. Ailleurs, rien n'est dit (réglages acces_min et besoin_min)."
    ]


def population_account(need: pd.DataFrame, access: pd.DataFrame, far_min: float) -> list[str]:
    """
    Return the share of residents within reach of a permanence, and of those out of reach.

    `need` and `access` come from `cell_need` and `cell_access`; `far_min` is minutes on foot.
    Nothing when there is no resident.
    """
    residents = need["residents"]
    total = residents.sum()
    minutes = access["minutes_permanence"]
    near, lost = residents[minutes <= far_min].sum(), residents[minutes == float("inf")].sum()
    if not total:
        return []
    return [
        f"{number(total)} habitants de ménages fiscaux : {percent(near / total)} à "
        f"{number(far_min)} minutes à pied ou moins d'une permanence, {percent(lost / total)} à "
        "plus de 25 minutes ou hors d'atteinte."
    ]


def passage_account(purposes: Sequence[Mapping[str, Any]], calibration: Calibration) -> list[str]:
    """
    Return what the passage on foot rests on, and what is missing; the facts of product 45.

    Each of `purposes` has purpose (code of `walking.PURPOSES`) and places (how many draw).
    """
    labels = {p.code: p.label for p in PURPOSES}
    known = [labels[p["purpose"]] for p in purposes if p["places"]]
    missing = [labels[p["purpose"]] for p in purposes if not p["places"]]
    state = calibrated(calibration) or "relatif tant qu'il n'est pas calé sur des comptages"
    lines = [f"Passage à pied, {state} : {', '.join(known)}.", *_counts_account(calibration)]
    if missing:
        lines.append(
            f"  Aucun lieu connu pour : {', '.join(missing)}. Ajoutez-les aux partenaires."
        )
    return lines


def _counts_account(found: Calibration) -> list[str]:
    """Return how many counts were of use, and why they gave nothing; nothing without counts."""
    if not found.given:
        return []
    near = "à moins de 20 m d'une rue où le passage est estimé"
    lines = [f"  Comptages donnés : {number(found.given)}, dont {number(found.used)} {near}."]
    if found.missing:
        many = "s" if found.missing > 1 else ""
        lines.append(f"  Il manque {number(found.missing)} comptage{many} pour caler le passage.")
    return [*lines, f"  {found.note}"] if found.note else lines


def sites_account(plan: SitePlan) -> list[str]:
    """Return the suggested permanences with their half-day and what they bring, then the doubts."""
    lines = [
        f"Permanence proposée : {s.name}{_slot(s)}. {s.reason}{_who(s)}" for s in plan.sites
    ] or ["Aucun lieu d'accueil possible n'améliorerait l'accès aux permanences."]
    lines += [f"Permanence qui fermerait : {closed}." for closed in plan.closed]
    if plan.people_week is not None and plan.sites:
        lines.append(f"  En tout : {_total(plan)}. {proof(plan)}")
    return [*lines, *(f"  {note}" for note in plan.notes)]


def proof(plan: SitePlan) -> str:
    """Say in French how much better another choice could be; `bound` is people a week."""
    if plan.ending is Ending.OPTIMAL:
        return marked("Aucun autre choix ne reçoit plus de monde.")
    if plan.ending is Ending.IMPOSSIBLE:
        return marked("Ce qui était demandé ne peut pas être tenu ; voici ce qui s'en approche.")
    more = max(plan.bound - (plan.people_week or 0.0), 0.0)
    return marked(
        "Un autre choix recevrait au plus %(more)s personnes de plus par semaine.",
        more=number(more, 1),
    )


def _slot(site: Site) -> str:
    return f", {spoken_slot(site.slot)}" if site.slot else ""


def _who(site: Site) -> str:
    """Say which publics, from where, and which permanences would lose people."""
    named = [("Public", site.publics), ("Viendraient de", site.communes[:_SHOWN])]
    named += [("Autrement reçues par", site.transfers[:_SHOWN])]
    parts = [
        f"{title}{THIN}: {', '.join(f'{share.name} {number(share.people, 1)}' for share in shares)}"
        for title, shares in named
        if shares
    ]
    return f" {'. '.join(parts)}." if parts else ""


def _total(plan: SitePlan) -> str:
    before, after = (number(v or 0.0, 1) for v in (plan.people_before, plan.people_week))
    return f"{before} personnes reçues par semaine aujourd'hui, {after} ensuite (estimation)"
