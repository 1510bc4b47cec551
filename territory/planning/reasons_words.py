"""The French sentences of reasons: why a stop is kept, why a place is out, what would admit it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from territory.planning.explain import clock, kilometres, lasting, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

_PLURAL = 2  # French counts in the plural from two on
UNCOUNTED = "de la présence dans les zones ou de l’équité"  # worth something, and no people


@dataclass(frozen=True, slots=True)
class Names:
    """
    What a coordinator calls things, in the order of the arrays of the week.

    `routes` with their article, as « l’après-midi de M2 jeudi »; `walkers` « M2 »; `places` and
    `zones` as on the sheets; `kinds` of places under a limit, « marché ».
    """

    places: Sequence[str]
    routes: Sequence[str]
    walkers: Sequence[str]
    zones: Sequence[str]
    kinds: Sequence[str] = ()

    def place(self, groups: Sequence[int]) -> str:
        """Return places as « A », « B » et « C »."""
        return listed(f"« {self.places[g]} »" for g in groups)


def people(value: float) -> str:
    """Return people expected as « 1,8 personne attendue » or « 2,1 personnes attendues »."""
    text = f"{abs(value):.1f}".replace(".", ",").removesuffix(",0")
    many = round(abs(value), 1) >= _PLURAL
    return f"{text} personnes attendues" if many else f"{text} personne attendue"


def signed(value: float) -> str:
    """Return a gain or a cost as « +2,1 personnes attendues » or « −0,4 personne attendue »."""
    if round(abs(value), 1) == 0:
        return "autant de personnes attendues"
    return f"{'+' if value > 0 else '−'}{people(value)}"


def in_days(days: int) -> str:
    """Return a number of days as « 1 jour » or « 3 jours »."""
    return f"{days} jour" + ("s" if days >= _PLURAL else "")


# why it is out: one sentence a rule


def never_open() -> str:
    """Say that no opening hour meets an outing of anybody (R-HEURES)."""
    return "Jamais ouvert pendant une sortie de l’équipe cette semaine."


def nobody_goes() -> str:
    """Say that nobody of the team may go there this week (R-COMMUNE)."""
    return "Aucun médiateur ne peut y aller cette semaine (commune ou règle de l’équipe)."


def no_pair() -> str:
    """Say that only pairs go there, and that none can be formed (R-BINOME)."""
    return "Visite à deux seulement, et aucun binôme n’est libre aux heures d’ouverture."


def too_short(missing_min: int, route: str, end_min: int) -> str:
    """Say that the route would end too late, at `end_min` (R-TEMPS)."""
    return f"Il manque {lasting(missing_min)} : {route} finirait à {clock(end_min)}."


def others_wait(missing_min: int, route: str) -> str:
    """Say that another stop of the route would come too late (R-TEMPS)."""
    return (
        f"Il manque {lasting(missing_min)} : dans {route}, un autre arrêt viendrait après sa "
        "dernière heure possible."
    )


def all_taken() -> str:
    """Say that all who could go are out elsewhere at its hours (R-TEMPS)."""
    return "À ses heures d’ouverture, tous ceux qui pourraient y aller sont déjà en sortie."


def closes_early(late_min: int, route: str, start_min: int) -> str:
    """Say that the visit would start at `start_min`, too late to end before closing (R-FERME)."""
    return (
        f"Fermeture trop tôt de {lasting(late_min)} : pour {route}, la visite commencerait à "
        f"{clock(start_min)} et finirait porte close."
    )


def lunch_late(late_min: int, route: str, start_min: int) -> str:
    """Say that the lunch of the route would start too late, at `start_min` (R-MIDI)."""
    return (
        f"La pause de midi ne tient plus : pour {route}, elle commencerait à {clock(start_min)}, "
        f"{lasting(late_min)} trop tard."
    )


def too_much_walking(walker: str, over_m: int) -> str:
    """Say that somebody would walk `over_m` metres too many that day (R-MARCHE)."""
    return f"{walker} marcherait {_metres(over_m)} de trop ce jour-là."


def no_half_day_left(walker: str, most: int) -> str:
    """Say that somebody has no half-day of outings left (R-QUOTA)."""
    times = "sa seule demi-journée" if most == 1 else f"ses {most} demi-journées"
    return f"{walker} a déjà {times} de sortie cette semaine."


def too_soon(zone: str, missing_days: int) -> str:
    """Say that two outings in the zone would be too near in time (R-ESPACEMENT)."""
    days = in_days(missing_days)
    return f"Trop près d’une autre sortie dans « {zone} » : il manque {days} entre les deux."


def kind_used_up(kind: str, most: int) -> str:
    """Say that no more visits of a kind of place are allowed in the week (R-PLAFOND)."""
    if most == 0:
        return f"Aucune visite de ce type de lieu (« {kind} ») n’est admise cette semaine."
    return f"Le plafond de {_visits(most)} de ce type de lieu (« {kind} ») par semaine est atteint."


def zone_served(zone: str) -> str:
    """Say that another outing visits its zone that day (R-DEJA)."""
    return f"« {zone} » reçoit déjà une autre sortie le même jour."


def not_worth_it() -> str:
    """Say that it fits, and costs more than it brings (R-VALEUR)."""
    return "L’arrêt tiendrait, mais il apporte moins que ce qu’il coûte ou déplace."


# what would admit it: one clause a kind of change


def if_finish(who: str, until_min: int, *, several: bool = False) -> str:
    """Say on what condition: somebody ends later."""
    return f"Si {who} {'finissent' if several else 'finit'} à {clock(until_min)}"


def if_begin(who: str, from_min: int, *, several: bool = False) -> str:
    """Say on what condition: somebody begins earlier."""
    return f"Si {who} {'commencent' if several else 'commence'} à {clock(from_min)}"


def if_lunch(route: str, minutes: int, usual_min: int) -> str:
    """Say on what condition: a shorter break."""
    return f"Si la pause de midi dure {minutes} min au lieu de {usual_min} ({_bare(route)})"


def if_open(place: str, more_min: int) -> str:
    """Say on what condition: the place stays open longer."""
    return f"Si « {place} » nous reçoit {lasting(more_min)} après sa fermeture"


def if_walk(walker: str, metres: int) -> str:
    """Say on what condition: somebody may walk up to `metres` a day."""
    return f"Si {walker} peut marcher {kilometres(metres)} dans la journée"


def if_half_day(walker: str, half_days: int) -> str:
    """Say on what condition: somebody goes out up to `half_days` half-days."""
    return f"Si {walker} sort {half_days} demi-journées"


def if_closer(zone: str, days: int) -> str:
    """Say on what condition: outings of a zone `days` apart are enough (0: the same day)."""
    if days == 0:
        return f"Si deux sorties le même jour sont permises dans « {zone} »"
    enough = "suffisent" if days >= _PLURAL else "suffit"
    return f"Si {in_days(days)} d’écart {enough} entre deux sorties dans « {zone} »"


def if_closer_visits(place: str, days: int) -> str:
    """Say on what condition: visits of a place `days` apart are enough."""
    apart = "le même jour" if days == 0 else f"à {in_days(days)} d’écart"
    return f"Si deux visites de « {place} » sont permises {apart}"


def if_more_visits(kind: str, most: int) -> str:
    """Say on what condition: `most` visits of a kind of place are allowed in the week."""
    return f"Si le plafond passe à {_visits(most)} de ce type de lieu (« {kind} »)"


def if_helper(walker: str, route: str) -> str:
    """Say on what condition: somebody of another team goes out with a walker."""
    return f"Si une personne d’une autre équipe accompagne {walker} ({_bare(route)})"


def then_holds(moved: str, gain: float) -> str:
    """End a clause: the stop holds, with the places `moved` ("" none) and the gain."""
    how = f"en déplaçant {moved}" if moved else "sans rien déplacer"
    return f", l’arrêt tient {how} ({signed(gain)})."


def exchange_price(dropped: str, fewer: float, price: float, *, several: bool = False) -> str:
    """
    Say what admitting costs with no rule changed; `dropped` are the places that leave ("").

    `fewer` people are expected, `price` is all that the week is worth less.
    """
    cost = "ne coûterait presque rien"
    if round(fewer, 1) > 0:
        cost = f"coûterait environ {people(fewer)}"
    elif round(price, 1) > 0:
        cost = f"ne coûterait aucune personne attendue, mais {UNCOUNTED}"
    if not dropped:
        return f"Sans changer de règle, l’admettre {cost}."
    leave = "sortiraient" if several else "sortirait"
    return f"Sans changer de règle, l’admettre {cost} : {dropped} {leave} de la semaine."


def no_remedy() -> str:
    """Say that no change of the ladders was found to admit the place."""
    return "Aucun changement raisonnable n’a été trouvé pour l’admettre."


# why it is in


def worth_keeping(
    fewer: float, loss: float, freed_min: int, instead: str, *, several: bool = False
) -> str:
    """
    Say what the week would lose without a stop, the minutes freed, and what would replace it.

    `fewer` people are expected at most, `loss` is all that the week is worth less.
    """
    cost = "autant de personnes attendues"
    if round(fewer, 1) > 0:
        cost = f"au plus {people(fewer)} en moins"
    elif round(loss, 1) > 0:
        cost = f"pas moins de personnes attendues, mais {UNCOUNTED} en moins"
    text = f"Sans cet arrêt : {cost}, {lasting(max(freed_min, 0))} libérées"
    follow = (
        f" ; {instead} {'prendraient' if several else 'prendrait'} sa place." if instead else "."
    )
    return text + follow


# an impossible week


def not_all(missed: str) -> str:
    """Say what a week cannot keep of what is required."""
    return f"Tout ce qui est exigé ne tient pas dans la semaine : il manque {missed}."


def all_hold(clauses: Sequence[str], *, fewest: bool) -> str:
    """Say the changes under which everything required holds."""
    sure = "c’est le plus petit nombre de règles à assouplir" if fewest else (
        "un plus petit nombre de règles n’a pas été trouvé dans le temps donné"
    )  # fmt: skip
    rest = [c[0].lower() + c[1:] for c in clauses[1:]]
    return f"{listed([*clauses[:1], *rest])}, tout tient ; {sure}."


def nothing_holds(*, proved: bool) -> str:
    """Say that no set of changes keeps everything required."""
    if proved:
        return "Même en assouplissant toutes les règles à la fois, tout ne tient pas."
    return "Aucun assouplissement qui fasse tout tenir n’a été trouvé dans le temps donné."


def _visits(some: int) -> str:
    return f"{some} visite" + ("s" if some >= _PLURAL else "")


def _metres(metres: int) -> str:
    return f"{metres} m" if metres < 1000 else kilometres(metres)  # noqa: PLR2004 - a kilometre


def _bare(route: str) -> str:
    """Return « l’après-midi de M2 jeudi » without its article."""
    for article in ("l’", "le ", "la "):
        if route.startswith(article):
            return route.removeprefix(article)
    return route
