"""The part of docs/permanences_reelles.md on doubt, transfers, requests, equity and guarantees."""

# ruff: noqa: E501 - French sentences

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scripts.est_ensemble_sites import ADD
from scripts.est_ensemble_sites_figures import MOST, SPREADS
from scripts.real_zones_tables import row
from territory.outputs.french import minutes, number, percent

if TYPE_CHECKING:
    from collections.abc import Iterator

SITUATIONS = {
    "maisons": "les trois Maisons de l’Emploi seules",
    "bilan": "celles que le bilan nomme",
    "centres": "celles du bilan, plus les bibliothèques centrales de Montreuil et de Bobigny",
    "large": "France services, une bibliothèque par commune sauf aux Lilas, et les Maisons de l’Emploi",
}
CRITERIA = {
    "today": "aujourd’hui",
    "huff": "le plus de personnes reçues (Huff)",
    "cover": "le plus de public à 15 min (couverture)",
    "median": "la marche moyenne la plus courte (p-médian)",
    "center": "le plus mal servi au plus près (p-centre)",
}


def answer_lines(sites: dict[str, Any]) -> Iterator[str]:
    """Yield the chapters in their order."""
    yield from when_lines(sites)
    yield from near_lines(sites)
    yield from move_lines(sites["moves"])
    yield from request_lines(sites["requests"])
    yield from criteria_lines(sites)
    yield from guarantee_lines(sites["guarantee"])


def when_lines(sites: dict[str, Any]) -> Iterator[str]:
    """Yield when Les Lilas come, by what is assumed."""
    yield "### Les Lilas viennent-ils ? Selon ce qu’on suppose\n"
    yield f"Nombre de demi-journées de plus à partir duquel le meilleur choix en met une aux Lilas ({MOST} au plus). *Rester chez soi* : son attrait, celui d’une permanence à la porte valant 1.\n"
    yield row(
        (
            "permanences d’aujourd’hui",
            "moitié moins à",
            "rester chez soi",
            "Les Lilas",
            f"communes avec {ADD} de plus",
        )
    )
    yield row(["---"] * 5)
    for r in sites["when"]:
        when = (
            "jamais"
            if r["first"] is None
            else f"à la {r['first']}<sup>e</sup>"
            if r["first"] > 1
            else "**dès la première**"
        )
        held = f"{SITUATIONS[r['situation']]} ({r['held']})"
        doubt = " (non prouvé)" if r["ending"] == "time_up" else ""
        towns = f"{', '.join(r['towns'])}{doubt}"
        yield row((held, minutes(r["half"]), number(r["outside"], 1), when, towns))
    yield "\n*Non prouvé* : la recherche s’est arrêtée à sa limite de temps, la réponse peut changer. Un choix de trois n’est pas toujours le premier lieu puis deux autres."
    yield "\nLe besoin des Lilas est l’un des plus faibles, mais le bord de commune est loin de tout ce que le bilan nomme : c’est le voisinage entier qui le fait venir. Si l’on marche très peu,"
    yield "il ne reste que les Lilasiens, et c’est Le Pré-Saint-Gervais qui passe devant ; si l’on marche beaucoup, Romainville ou Montreuil servent aussi bien.\n"


def near_lines(sites: dict[str, Any]) -> Iterator[str]:
    """Yield the choices nearly as good, and the redrawn scenarios."""
    near, drawn = sites["near"], sites["redrawn"]
    yield "### Presque aussi bien, et quand on tire à nouveau\n"
    full = "il n’y en a pas d’autre" if near["complete"] else "liste incomplète"
    yield f"- **{near['sets']} choix de {ADD} demi-journées** valent au plus 2 % de moins que le meilleur ({full}) ; {near['lilas']} d’entre eux ont un lieu aux Lilas."
    always = ", ".join(near["always"])
    yield f"  {'Indispensables : ' + always if always else 'Aucun lieu n’est indispensable : dans chaque commune, un autre fait presque aussi bien'}."
    yield f"- **{drawn['scenarios']} tirages** du public (recensement), de la marche, de l’attrait de rester chez soi et de celui de chaque lieu (écarts-types des logarithmes : {number(SPREADS['half'], 2)}, {number(SPREADS['outside'], 1)} et {number(SPREADS['place'], 1)},"
    yield f"  supposés). Le choix d’ici y perd {percent(drawn['regret'])} en moyenne sur le meilleur du tirage, {percent(drawn['worst'])} au pire.\n"
    yield row(("commune", "choisie", "entre (95 %)"))
    yield row(["---"] * 3)
    for town, (times, low, high) in drawn["towns"].items():
        yield row((town, percent(times / drawn["scenarios"]), f"{percent(low)} et {percent(high)}"))
    places = ", ".join(f"{name} ({times})" for name, times in drawn["places"])
    yield f"\nLieux les plus souvent choisis : {places}. **La commune est plus sûre que le lieu.**\n"


def move_lines(moves: dict[str, Any]) -> Iterator[str]:
    """Yield who goes where, before and after."""
    yield "### Qui irait où\n"
    yield "Personnes par semaine qui sortent de chacune des communes pour une permanence, et part de ces visites faite dans sa propre commune : aujourd’hui, avec une demi-journée aux Lilas"
    yield "seule, avec tout le choix.\n"
    yield row(
        (
            "commune",
            "public",
            "aujourd’hui",
            "sur place",
            "avec Les Lilas",
            "sur place",
            "avec tout",
            "sur place",
        )
    )
    yield row(["---"] * 8)
    for town, values in moves["towns"].items():
        cells = [f(values[k]) for k in ("before", "lilas", "after") for f in (visits, at_home)]
        yield row((town, number(values["public"]), *cells))
    before, after = (moves["lilas_all"][k] for k in ("before", "lilas"))
    yield f"\n- **Lilasiens** : {told(before)} aujourd’hui ; {told(after)} avec un lieu sur place. Vers Pantin : {number(moves['lilas_pantin']['before'], 2)} puis {number(moves['lilas_pantin']['lilas'], 2)}."
    yield f"- **Dans l’autre sens**, {number(moves['pantin_lilas']['lilas'], 2)} personne de Pantin (le sud de la commune) viendrait aux Lilas.\n"


def visits(values: list[Any]) -> str:
    """Return the people of a town who come, a week."""
    return number(values[0], 1)


def at_home(values: list[Any]) -> str:
    """Return the share of their visits made in their town."""
    return "–" if values[1] is None else percent(values[1])


def told(towns: dict[str, float]) -> str:
    """Return « 0,4 à Bagnolet, 0,02 à Pantin », the largest first."""
    order = sorted(towns.items(), key=lambda pair: -pair[1])
    return (
        ", ".join(f"{number(v, 2)} à {t}" for t, v in order)
        .replace("à Les ", "aux ")
        .replace("à Le ", "au ")
    )


def request_lines(requests: dict[str, Any]) -> Iterator[str]:
    """Yield what « none in Les Lilas » and « one in Les Lilas » cost."""
    forbid, require = requests[f"forbid_{ADD}"], requests["require_1"]
    yield "### La ville des Lilas refuse, ou exige\n"
    yield f"- **Refus** (interdire tout lieu des Lilas, {ADD} demi-journées) : {forbid['sentence']} Prix exact : {number(forbid['price'], 2)} personne par semaine. Lilasiens reçus : {number(forbid['lilas'][0], 1)} sans refus,"
    yield f"  {number(forbid['lilas'][1], 1)} avec."
    yield f"- **Exigence**, quand on n’ouvre qu’une demi-journée : {require['sentence']} Prix : {number(require['price'], 2)}. Quand on en ouvre deux, elle coûte {number(requests['require_2']['price'], 2)}.\n"


def criteria_lines(sites: dict[str, Any]) -> Iterator[str]:
    """Yield the answers of other criteria side by side, and the frontier of equity."""
    equity = sites["equity"]
    yield f"### Autres questions, même nombre de lieux ({ADD} de plus)\n"
    yield row(
        (
            "critère",
            "communes",
            "reçues par semaine",
            "public à 15 min",
            "marche moyenne",
            "9 sur 10 sous",
            "le plus loin",
            "moyenne aux Lilas",
        )
    )
    yield row(["---"] * 8)
    for a in sites["answers"]:
        walks = [minutes(a[k]) for k in ("mean", "q90", "worst", "lilas")]
        yield row(
            (
                CRITERIA[a["criterion"]],
                ", ".join(a["towns"]) or "–",
                number(a["week"], 1),
                percent(a["cover"]),
                *walks,
            )
        )
    yield f"\n**Équité** : tous les choix que rien ne bat à la fois sur la moyenne et sur le plus mal servi ({len(equity['points'])}, {'prouvé' if equity['ending'] == 'optimal' else 'non prouvé'}).\n"
    yield row(
        ("moyenne", "le plus loin", "9 sur 10 sous", "Gini", "prix sur la moyenne", "communes")
    )
    yield row(["---"] * 6)
    for p in equity["points"]:
        yield row(
            (
                f"{number(p['mean'], 1)} min",
                minutes(p["worst"]),
                minutes(p["q90"]),
                number(p["gini"], 2),
                f"{number(p['price'], 2)} min",
                ", ".join(p["towns"]),
            )
        )
    there = "Les Lilas" in equity["points"][-1]["towns"]
    yield f"\nAu bout de la frontière, le plus mal servi est au plus près : **{'un lieu est encore aux Lilas' if there else 'plus rien aux Lilas'}** ({', '.join(equity['points'][-1]['towns'])}).\n"


def guarantee_lines(guarantee: dict[str, Any]) -> Iterator[str]:
    """Yield how near every priority quarter can be, and what it costs."""
    far = ", ".join(f"{name} ({minutes(v)})" for name, v in guarantee["far"][:3])
    least = ", ".join(f"{k} : {minutes(v)}" for k, v in enumerate(guarantee["least"]))
    yield "### Garantie : aucun quartier prioritaire à plus de n minutes\n"
    yield f"- {guarantee['quarters']} quartiers de 2015 ; les plus loin d’une permanence aujourd’hui, pour la moitié de leurs habitants : {far}."
    yield f"- Plus petite garantie possible selon le nombre de demi-journées de plus : {least}."
    for r in guarantee["rows"]:
        said = (
            f"coûte {number(r['price'], 1)} personnes par semaine ({', '.join(r['towns'])})"
            if r["possible"]
            else "impossible, quel que soit le choix"
        )
        yield f"- {minutes(r['limit'])} avec {ADD} de plus : {said}."
    yield ""
