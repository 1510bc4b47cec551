"""The French sentences of a suggested permanence: when, for whom, how sure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from territory.analysis.siting.huff import Decay, Willingness
    from territory.model.results import Site
    from territory.settings import Sites

THIN = "\u202f"
_FEW = 10  # people below which a tenth of one is told
UNNAMED = "un lieu non nommé"


def site_reason(site: Site, limit_min: float) -> str:
    """Say in French when, how many people would come, what is gained, and what must be checked."""
    interval = ""
    if site.people_low is not None and site.people_high is not None:
        interval = f" (entre {people_text(site.people_low)} et {people_text(site.people_high)})"
    when = f"Le {spoken(site.slot)}, de {clock_text(site.start_min)} à {clock_text(site.end_min)}"
    said = [
        f"{when}{THIN}: environ {people_text(site.people_week)} personnes par semaine{interval}, "
        f"dont {people_text(site.gained_week)} que les autres permanences ne reçoivent pas"
    ]
    said += [f"{site.near} est alors ouvert à côté"] if site.near else []
    said += [_cover(site, limit_min)] if site.target_total else []
    said += [f"Accueil{THIN}: {site.host} ; {site.opening}"]
    said += [f"Nombres{THIN}: {site.certainty}"]
    return " ".join(f"{sentence}." for sentence in said)


def equal_sentence(site: Site) -> str:
    """Say which half-days are worth as much for the people, and why this one; empty without any."""
    if not site.equal_slots:
        return ""
    others = ", ".join(spoken(slot) for slot in site.equal_slots)
    return (
        f"{site.name}{THIN}: aussi bien pour le public, {others}. Le {spoken(site.slot)} est "
        "choisi pour l'équipe (d'abord les demi-journées où elle tient le moins de permanences)."
    )


def basis_notes(found: Willingness, decay: Decay, settings: Sites, *, crowds: bool) -> list[str]:
    """Say what the numbers of people rest on; `crowds` when a market counts somewhere."""
    rate = f"{100 * found.visits:.1f}".replace(".", ",")
    if found.measured:
        low, high = (f"{100 * v:.1f}".replace(".", ",") for v in (found.low, found.high))
        notes = [
            f"Fréquentation mesurée{THIN}: {rate} visites par semaine au plus pour 100 personnes "
            f"du public (entre {low} et {high}), {found.words}."
        ]
    else:
        notes = [
            f"Fréquentation supposée, non mesurée{THIN}: {rate} visites par semaine au plus pour "
            "100 personnes du public (réglage visites_semaine). Le journal compte "
            f"{found.sessions} permanences utilisables. Comparez les choix entre eux ; les nombres "
            "de personnes sont des ordres de grandeur."
        ]
    half = f"{decay.value:.0f}"
    notes += [f"La marche retient une personne sur deux à {half}{THIN}min{THIN}: {decay.words}."]
    if not settings.slot_values:
        notes += [
            "Aucune préférence de jour ou d'heure n'est mesurée ni réglée (valeurs_creneaux)"
            f"{THIN}: à heures d'ouverture égales, les demi-journées d'un lieu se valent."
        ]
    if crowds:
        factor = f"{settings.market:g}".replace(".", ",")
        notes += [
            f"Un marché ouvert à côté multiplie l'attrait par {factor} (réglage attrait_marche)"
            f"{THIN}: hypothèse, non mesurée."
        ]
    return notes


def spoken(slot: str) -> str:
    """Return « mercredi après-midi » for « mercredi apres-midi »."""
    return slot.replace("apres-midi", "après-midi")


def clock_text(minute: int | None) -> str:
    """Return minutes after midnight as « 9 h 30 »; None as « heure inconnue »."""
    if minute is None:
        return "heure inconnue"
    hour, rest = divmod(int(minute), 60)
    return f"{hour}{THIN}h" + (f"{THIN}{rest:02d}" if rest else "")


def people_text(people: float | None) -> str:
    """Return a mean number of people, with a decimal when there are few."""
    if people is None:
        return "?"
    return f"{people:.{0 if people >= _FEW else 1}f}".replace(".", ",")


def _cover(site: Site, limit_min: float) -> str:
    shares = [
        f"{100 * value / site.target_total:.1f}".replace(".", ",") + f"{THIN}%"
        for value in (site.covered_before, site.covered_after)
    ]
    if site.gained_target < 1:
        return f"La part du public à {limit_min:.0f}{THIN}min à pied ou moins reste de {shares[1]}"
    more = f"{site.gained_target:,.0f}".replace(",", THIN)
    return (
        f"{more} personnes de plus à {limit_min:.0f}{THIN}min à pied ou moins d'une permanence"
        f"{THIN}: la part du public passe de {shares[0]} à {shares[1]}"
    )
