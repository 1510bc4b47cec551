"""The dialogue on permanences told in French: curve, alternatives, robustness, equity, requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from territory.model.results import Ending
from territory.outputs.french import THIN, number, percent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from territory.analysis.siting.discussion import Discussion
    from territory.analysis.siting.redraw import Ranges
    from territory.model.dialogue_results import Curve, CurvePoint, NearOptimal, Robustness
    from territory.model.site_results import EquityPoint

Row = dict[str, Any]
RULED = "Les demandes en vigueur sont tenues partout."
_SHOWN, _SWAPS = 6, 3
_ROUND = 3  # decimals of a JSON row


def curve_rows(curve: Curve, talk: Discussion) -> list[Row]:
    """Return one row for each number of new half-days, people and hours a week."""
    return [
        {
            "ajoutees": p.added,
            "personnes": round(p.value, _ROUND),
            "au_plus": round(p.bound, _ROUND),
            "gain": None if p.gain is None else round(p.gain, _ROUND),
            "heures": p.hours,
            "heures_par_personne": None if p.hours_per_person is None
            else round(p.hours_per_person, _ROUND),
            "nouvelles": talk.new(p.chosen),
            "fin": p.ending.value,
        }
        for p in curve.points
    ]  # fmt: skip


def curve_lines(curve: Curve, talk: Discussion) -> list[str]:
    """Return the curve line by line, then its elbow and whether steps shrink."""
    lines = ["Une demi-journée de plus, puis une autre (personnes reçues par semaine) :"]
    for point in curve.points:
        lines.append(f"  {_step(point)}")
        added = talk.new(point.chosen)
        lines += [f"     {' ; '.join(added)}"] if added else []
    return [*lines, *(f"  {said}" for said in curve_notes(curve))]


def curve_notes(curve: Curve) -> list[str]:
    """Return what the shape of the curve says."""
    said = []
    if curve.impossible:
        few = ", ".join(map(str, curve.impossible))
        said.append(f"Avec {few} demi-journée nouvelle, les demandes ne peuvent pas être tenues.")
    if curve.elbow is not None:
        said.append(
            f"Coude de la courbe{THIN}: {curve.elbow} {_days(curve.elbow)} ; au-delà, chaque "
            "demi-journée rapporte nettement moins que les premières."
        )
    if curve.flat:
        last = curve.points[-1].added - 1
        said.append(f"Au-delà de {last}, une demi-journée de plus ne reçoit personne de plus.")
    if not curve.concave:
        said.append("Une marche gagne plus que la précédente : les lieux se complètent.")
    return said


def near_rows(near: NearOptimal, talk: Discussion) -> Row:
    """Return every set nearly as good as the best, and what they share."""
    return {
        "ecart_tolere": near.share,
        "complet": near.complete,
        "choix": [
            {"personnes": round(s.value, _ROUND), "nouvelles": talk.new(s.chosen)}
            for s in near.sets
        ],
        "indispensables": [talk.label(n) for n in near.indispensable],
        "parfois": [{"option": talk.label(n), "part": round(s, _ROUND)}
                    for n, s in near.sometimes],
        "echanges": [
            {"sort": talk.label(s.leaves), "entre": talk.label(s.enters),
             "perte": round(s.loss, _ROUND)} for s in near.swaps
        ],
    }  # fmt: skip


def near_lines(near: NearOptimal, talk: Discussion) -> list[str]:
    """Return the choices nearly as good, what is in all of them, what can be exchanged."""
    lines = [near_sentence(near)]
    for rank, one in enumerate(near.sets[:_SHOWN], 1):
        said = " ; ".join(talk.new(one.chosen)) or "rien de nouveau"
        lines.append(f"  {rank}. {said}{THIN}: {number(one.value, 1)} personnes par semaine")
    more = len(near.sets) - _SHOWN
    lines += [f"  … et {_more(more)} (voir « --json »)."] if more > 0 else []
    lines += [f"  {said}" for said in near_notes(near, talk)]
    return [*lines, *([f"  {RULED}"] if talk.requests else [])]


def near_sentence(near: NearOptimal) -> str:
    """Return how many choices are nearly as good, and whether these are all."""
    count, within = len(near.sets), percent(near.share)
    if not count:
        return "Aucun choix ne tient toutes les demandes."
    if count == 1 and near.complete:
        return f"Aucun autre choix n'est à moins de {within} du meilleur : liste complète."
    whole = "liste complète" if near.complete else "liste tronquée, il y en a d'autres"
    return f"{count} choix à moins de {within} du meilleur ({whole}) :"


def near_notes(near: NearOptimal, talk: Discussion) -> list[str]:
    """Return what is in every choice, and what can be exchanged for what."""
    said = []
    if near.indispensable:
        kept = " ; ".join(talk.label(n) for n in near.indispensable)
        said.append(f"Dans tous les choix{THIN}: {kept}.")
    elif len(near.sets) > 1:
        said.append("Aucune demi-journée n'est indispensable : il y a de quoi négocier.")
    for swap in near.swaps[:_SWAPS]:
        lost = number(max(swap.loss, 0.0), 1)
        said.append(
            f"Échanger {talk.label(swap.leaves)} contre {talk.label(swap.enters)}{THIN}: "
            f"{lost} personne de moins par semaine."
        )
    return said


def robust_rows(found: Robustness, talk: Discussion, ranges: Ranges) -> Row:
    """Return in how many scenarios each new option and each place is chosen."""
    return {
        "scenarios": found.scenarios,
        "impossibles": found.impossible,
        "options": [_frequency(f, talk.label(f.position)) for f in found.options],
        "lieux": [_frequency(f, talk.place(f.position)) for f in found.places],
        "regret_moyen": found.mean_regret,
        "pire_regret": found.worst_regret,
        "tirages": ranges.sentence,
    }


def robust_lines(
    found: Robustness, talk: Discussion, ranges: Ranges, chosen: Sequence[int]
) -> list[str]:
    """Return how often what is proposed comes back, what else does, and what it would cost."""
    held = talk.problem.present
    new = [f for f in found.options if not held[f.position]]
    mine = [f for f in new if f.position in set(chosen)]
    others = [f for f in new if f.position not in set(chosen)][:3]
    lines = [f"Le choix tient-il ? {found.scenarios} scénarios tirés au sort :"]
    lines += [
        f"  {talk.label(one.position)}{THIN}: {frequency_text(one)}" for one in (*mine, *others)
    ]
    if found.regrets:
        lines.append(
            f"  S'y tenir ferait perdre en moyenne {percent(found.mean_regret or 0.0, 1)} des "
            f"personnes reçues, {percent(found.worst_regret or 0.0, 1)} au pire."
        )
    lines += [f"  {RULED}"] if talk.requests else []
    return [*lines, f"  {ranges.sentence}"]


def frequency_text(one: Any) -> str:  # noqa: ANN401 - dialogue_results.Frequency
    """Return « choisi dans 87 % des scénarios (entre 79 % et 92 %) »."""
    return f"{one.sentence} (entre {percent(one.low)} et {percent(one.high)})"


def equity_rows(points: Sequence[EquityPoint], name: Callable[[int], str]) -> list[Row]:
    """Return the frontier, from the best mean to the best worst-served, minutes on foot."""
    return [
        {
            "lieux": [name(j) for j in p.chosen],
            "moyenne_min": round(p.mean_min, _ROUND),
            "pire_min": round(p.worst_min, _ROUND),
            "q90_min": round(p.q90_min, _ROUND),
            "gini": round(p.gini, _ROUND),
            "prix_min": round(p.price_min, _ROUND),
            "fin": p.ending.value,
        }
        for p in points
    ]


def equity_lines(
    points: Sequence[EquityPoint],
    ending: Ending,
    name: Callable[[int], str],
    *,
    picked: EquityPoint | None,
    left_out: float,
) -> list[str]:
    """Return the frontier between mean and worst-served, and the point the slider picks."""
    if not points:
        return ["Équité : aucun choix ne met tout le monde à portée de marche."]
    lines = ["Du plus court trajet moyen au moins mauvais trajet (minutes à pied du public) :"]
    for point in points:
        mark = "→" if point is picked else " "
        lines.append(f" {mark} {equity_text(point)} Lieux nouveaux{THIN}: {name_list(point, name)}")
    if len(points) == 1:
        lines.append(
            "  Un seul choix : celui du plus court trajet moyen est aussi le meilleur pour les "
            "plus éloignés. L'équité ne coûte rien ici."
        )
    lines += [] if ending is Ending.OPTIMAL else [
        "  Recherche arrêtée par son délai : il peut manquer des choix."
    ]  # fmt: skip
    if left_out >= 1:
        lines.append(f"  {number(left_out)} personnes du public, sans chemin, ne comptent pas.")
    return lines


def equity_text(point: EquityPoint) -> str:
    """Return the figures of one point of the frontier."""
    return (
        f"moyenne {number(point.mean_min, 1)}, le plus loin {number(point.worst_min, 1)}, neuf "
        f"personnes sur dix à {number(point.q90_min, 1)} ou moins, Gini {number(point.gini, 2)}, "
        f"prix de l'équité {number(point.price_min, 1)}{THIN}min en moyenne."
    )


def name_list(point: EquityPoint, name: Callable[[int], str]) -> str:
    """Return the names of the new places of a point; `name` is empty for those held now."""
    return " ; ".join(filter(None, map(name, point.chosen))) or "aucun"


def _frequency(one: Any, label: str) -> Mapping[str, object]:  # noqa: ANN401 - Frequency
    return {"nom": label, "fois": one.times, "part": one.share, "bas": one.low, "haut": one.high}


def _step(point: CurvePoint) -> str:
    said = f"{point.added} {_days(point.added)}{THIN}: {number(point.value, 1)}"
    if point.gain is None:
        return f"{said} ({number(point.hours, 1)} heures d'équipe par semaine)"
    cost = "" if point.hours_per_person is None else (
        f", soit {number(point.hours_per_person, 1)} heures d'équipe par personne gagnée"
    )  # fmt: skip
    return f"{said} (+{number(point.gain, 1)}{cost})"


def _more(count: int) -> str:
    return f"{count} autres" if count > 1 else "un autre"


def _days(count: int) -> str:
    return "demi-journées nouvelles" if count > 1 else "demi-journée nouvelle"
