"""The French sentences of the week: why this zone, this stop, and what kept the others out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from territory.analysis.freshness import STALE, UNDATED
from territory.model.facts import BY_EDITION, FACTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from territory.model.results import Gap

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
NAMED = 3  # zones named before the others are only counted
AGEING_MONTHS = 12  # hours seen to be true less long ago are taken as they are
ACTIVITY_WORDS = {
    "permanence": "Permanence",
    "reunion": "Réunion",
    "formation": "Formation",
    "suivi": "Visite de suivi",
    "accompagnement": "Accompagnement",
    "evenement": "Événement",
    "atelier": "Atelier",
    "intervention": "Intervention",
    "maraude": "Maraude",
    "tour_de_rue": "Tour de rue",
    "pied_immeuble": "Pied d’immeuble",
    "visite_partenaire": "Visite partenaire",
    "porte_a_porte": "Porte-à-porte",
    "information_collective": "Information collective",
}
PLACE_REASONS = {
    "marche": "le marché réunit des habitants sans qu’on ait à les aborder dans la rue",
    "centre_social": "le centre social accueille des familles du quartier",
    "maison_quartier": "la maison de quartier accueille des habitants toute la semaine",
    "epicerie_solidaire": "l’épicerie solidaire reçoit des ménages en difficulté",
    "mediatheque": "la médiathèque est un lieu ouvert à tous, propice à un échange au calme",
    "foyer": "le foyer héberge des personnes éloignées de l’emploi",
    "france_services": "France Services reçoit des personnes en démarche",
    "bailleur": "l’agence du bailleur reçoit les locataires du quartier",
    "commerce": "ce commerce peut relayer l’information et les affichettes",
}


def clock(minutes: int) -> str:
    """Return minutes after midnight as « 14 h » or « 14 h 05 »."""
    hour, rest = divmod(minutes, 60)
    return f"{hour} h {rest:02d}" if rest else f"{hour} h"


def lasting(minutes: int) -> str:
    """Return a duration as « 45 min », « 3 h » or « 1 h 30 »."""
    return f"{minutes} min" if minutes < 60 else clock(minutes)  # noqa: PLR2004 - an hour


def kilometres(metres: float) -> str:
    """Return metres as « 7,2 km »."""
    return f"{metres / 1000:.1f}".replace(".", ",").removesuffix(",0") + " km"


def day_words(on: date) -> str:
    """Return a date as « jeudi 26 novembre »."""
    number = "1er" if on.day == 1 else str(on.day)
    return f"{DAYS[on.weekday()]} {number} {MONTHS[on.month - 1]}"


def listed(names: Iterable[str]) -> str:
    """Return names as « A, B et C », in the order given."""
    items = list(names)
    return " et ".join(filter(None, [", ".join(items[:-1]), *items[-1:]]))


def activity_title(kind: str, place: str) -> str:
    """Return the title of an appointment, as « Permanence : Maison de l’emploi »."""
    word = ACTIVITY_WORDS.get(kind, "Rendez-vous")
    return f"{word} : {place}" if place else word


def zone_reason(gap: Gap, nearby: str) -> str:
    """Return why the zone is visited: its rank, its own reasons, and what there is to announce."""
    strongest = sorted(gap.reasons, key=lambda r: -r.weight)
    facts = " ".join(r.sentence.strip().rstrip(".") + "." for r in strongest)
    text = f"Zone peu couverte n° {gap.rank}. {facts}"
    return f"{text} {nearby}".rstrip()


def announce(on: date, start_min: int, place: str, walk_min: int) -> str:
    """Return the concrete offer of a round: the next permanence nearby, `walk_min` minutes away."""
    return (
        f"la permanence de {day_words(on)} à {clock(start_min)}, {place}, à {max(walk_min, 1)} min "
        "à pied."
    )


def to_announce(offer: str) -> str:
    """Return « À faire savoir : … » for an offer of `announce`, "" for none."""
    return f"À faire savoir : annoncer {offer}" if offer else ""


def street_reason(target: float, nearby: str, *, drawn: bool = False) -> str:
    """
    Return why the street stop is there; `target` is people living in its cell.

    `drawn`: the streets were chosen by who walks there, not only where most live.
    """
    people = round(target)
    if drawn:
        text = "Rues de la zone où passe, à ces heures, le plus de public (estimation)."
    else:
        text = "Tour de rue là où la zone compte le plus d’habitants à rencontrer"
        text += f" (environ {people} sur ce carreau)." if people >= 1 else "."
    return f"{text} {nearby}".rstrip()


def places_only(count: int) -> str:
    """Return why an outing goes to places outside of every underserved zone."""
    many = "s" if count > 1 else ""
    return f"Visite de {count} lieu{'x' if many else ''}, hors des zones peu couvertes."


def place_reason(
    kind: str, walk_min: int | None, span: tuple[int, int] | None, doubt: str = ""
) -> str:
    """
    Return why a place is a stop: a reason to be there, how near (minutes), and its hours.

    `walk_min` from the zone, None outside of every zone; `span` is (start, end) in minutes after
    midnight, None = hours unknown; `doubt` is what `fact_doubt` or `old_card` says of them.
    """
    why = PLACE_REASONS.get(kind, "une structure à saluer, où l’on vient pour une raison")
    near = f"à {walk_min} min à pied de la zone" if walk_min else "dans la zone"
    near = "hors des zones peu couvertes" if walk_min is None else near
    if span is None:
        return f"{why[0].upper()}{why[1:]} ; {near} ; horaires à vérifier avant de partir."
    hours = f"ouvert de {clock(span[0])} à {clock(span[1])}" + (f" ; {doubt}" if doubt else "")
    return f"{why[0].upper()}{why[1:]} ; {near} ; {hours}."


def old_card(months: int | None) -> str:
    """Return the doubt that hours not verified for a year or more deserve, "" for none."""
    if months is None or months < AGEING_MONTHS:
        return ""
    return f"fiche vérifiée il y a {months} mois : à confirmer"


def fact_doubt(judged: Any) -> str:  # noqa: ANN401 - a row of itertuples
    """
    Return « horaires à vérifier (relevés en mars 2024) », "" for a recent fact.

    `judged` is a row of `fact_freshness`. A day that is only the one of a published edition is said
    so, by its year: it was not seen on the spot.
    """
    fact, on = FACTS[judged.fact], judged.verified_on
    if judged.level == UNDATED:
        return f"{fact.label} sans date de vérification"
    if judged.level != STALE:
        return ""
    seen = f"{fact.seen} en {MONTHS[on.month - 1]} {on.year}"
    told = f"édition de {on.year}" if judged.basis == BY_EDITION else seen
    return f"{fact.label} à vérifier ({told})"


def outside_communes(agents: Sequence[str]) -> str:
    """Say that nobody of the team covers the commune of the zone."""
    return f"Zone hors des communes de {listed(agents)}."


def nobody() -> str:
    """Say that there is no worker to plan for."""
    return "Aucun médiateur dans l’équipe : ajoutez le tableau « équipe »."


def no_slot(agents: Sequence[str], minimum_min: int) -> str:
    """Say that nobody has a long enough free half-day."""
    return (
        f"Aucun créneau assez long : {listed(agents)} n’ont aucune demi-journée avec "
        f"{lasting(minimum_min)} libres."
        if len(agents) > 1
        else f"Aucun créneau assez long : {listed(agents)} n’a aucune demi-journée avec "
        f"{lasting(minimum_min)} libres."
    )


def no_street() -> str:
    """Say that no walk leads to the zone."""
    return "Aucun chemin à pied connu entre les points de départ et la zone."


def too_far(metres: float, limit_m: float) -> str:
    """Say that the shortest walk there and back is above the limit."""
    return (
        f"Marche de {kilometres(metres)} aller et retour, au-dessus de la limite de "
        f"{kilometres(limit_m)}."
    )


def too_long(minutes: int, free_min: int) -> str:
    """Say that the shortest round does not fit in the longest free slot."""
    return (
        f"Le tour le plus court demande {lasting(minutes)}, et le plus long créneau possible "
        f"est de {lasting(free_min)}."
    )


def quota(agents: Sequence[str], most: int) -> str:
    """Say that the weekly number of rounds is reached."""
    return f"Limite de {most} maraudes par semaine atteinte pour {listed(agents)}."


def taken(agents: Sequence[str], zones: Sequence[str]) -> str:
    """Say that every possible slot serves better ranked zones."""
    team = "aucun binôme libre" if len(agents) > 1 else "aucun médiateur libre"
    others = len(zones) - NAMED
    named = [f"« {z} »" for z in zones[: NAMED + (others == 1)]]  # a name, not « 1 autre »
    held = listed([*named, f"{others} autres"] if others > 1 else named)
    return f"{team.capitalize()} : les créneaux possibles servent déjà {held}."


def no_availability(agent: str, start: str, end: str) -> str:
    """Say that the working hours of an agent were assumed (W-DISPO)."""
    return (
        f"[W-DISPO] {agent} n’a aucune disponibilité saisie : du lundi au vendredi, de {start} à "
        f"{end}, a été supposé. Complétez le tableau « disponibilités »."
    )


def overlapping(agent: str, on: date, titles: tuple[str, str]) -> str:
    """Say that two appointments of one worker overlap; both are kept."""
    return (
        f"{agent} a deux rendez-vous en même temps {day_words(on)} : « {titles[0]} » et "
        f"« {titles[1]} ». Les deux sont gardés : déplacez l’un d’eux."
    )


def on_holiday(on: date, name: str) -> str:
    """Say that the day is a public holiday."""
    return f"{day_words(on).capitalize()} est férié ({name}) : aucune maraude n’y est placée."


def people(count: int) -> str:
    """Say how many people an appointment needs, as « 2 personnes sont prévues »."""
    return f"{count} personnes sont prévues" if count > 1 else "Une personne est prévue"


def school_unknown() -> str:
    """Say that a line depends on school holidays nobody knows for these communes or this year."""
    return (
        "Vacances scolaires inconnues pour cette semaine : ce qui est écrit « hors vacances "
        "scolaires » est gardé, ce qui est écrit « pendant les vacances scolaires » ne l’est pas. "
        "À vérifier."
    )


def never_walked(zone_id: str) -> str:
    """Say that a zone that must be visited has no street to walk this week."""
    return f"Aucune rue de la zone {zone_id} ne peut être parcourue cette semaine."


def excluded() -> str:
    """Say that the team left the zone out of the week."""
    return "Laissée de côté cette semaine, à la demande de l’équipe."


def not_worth() -> str:
    """Say that a round was possible and not proved better (search cut short)."""
    return "Un tour était possible, mais la recherche s’est arrêtée avant de le placer."


def pairs_missed(made: int, wanted: int) -> str:
    """Say that the week has not as many outings in pairs as the settings want."""
    return f"Sorties en binôme : {made}, au lieu des {wanted} demandées (binomes_semaine)."


def lock_moved(title: str, hours: tuple[int, int]) -> str:
    """Say that an outing under lock keeps its stops at other hours, (before, now) its starts."""
    return (
        f"La sortie verrouillée « {title} » garde son équipe et ses arrêts mais change d’heure : "
        f"début à {clock(hours[1])} au lieu de {clock(hours[0])}."
    )


def lock_broken(title: str) -> str:
    """Say that an outing under lock does not hold any more."""
    return (
        f"La sortie verrouillée « {title} » ne tient plus : une règle, une absence ou un "
        "rendez-vous l’en empêche. Elle a été planifiée à nouveau."
    )
