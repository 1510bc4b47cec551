"""
Regenerate docs/permanences_reelles.md, its two pictures and its measured figures.

`python scripts/est_ensemble_sites_page.py` computes everything again; with `--page`, the text only
is written again from benchmarks/est_ensemble_measured.json.
"""

# ruff: noqa: E501 - French sentences

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.bondy import prepare_bondy
from scripts.est_ensemble import DETOUR, METRES_A_MINUTE, read_towns
from scripts.est_ensemble_sectors import sector_figures
from scripts.est_ensemble_sectors_page import sector_lines
from scripts.est_ensemble_sites import ADD, CUT, RECEIVED, SESSIONS, Habits, ground_of
from scripts.est_ensemble_sites_answers import answer_lines
from scripts.est_ensemble_sites_figures import MOST, site_figures
from scripts.est_ensemble_sites_pictures import sectors_picture, sites_picture
from scripts.real_zones_tables import row
from territory.outputs.french import number, percent, spoken_slot
from territory.pipeline.steps import build
from territory.pipeline.workspace import open_territory
from tests.real_data import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = ROOT / "docs" / "permanences_reelles.md"
IMAGES = ROOT / "docs" / "images"
MEASURED = ROOT / "benchmarks" / "est_ensemble_measured.json"
WEEKS = 46
LEAST = 0.01  # of the people of a place: fewer are not told


def main() -> None:
    """Compute and draw unless `--page` is given, then write the page."""
    if "--page" not in sys.argv:
        if not FOLDER.exists():
            print("Les fichiers réels ne sont pas là : docs/permanences_reelles.md reste tel quel.")
            return
        ground = ground_of(read_towns(FOLDER))
        figures = {
            "sites": site_figures(ground),
            "sectors": sector_figures(ground),
            "bondy": bondy_plan(),
        }
        MEASURED.write_text(
            json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
        sites_picture(ground, figures["sites"], IMAGES / "permanences_est_ensemble.png")
        sectors_picture(ground, figures["sectors"], IMAGES / "secteurs_est_ensemble.png")
    PAGE.write_text(page(json.loads(MEASURED.read_text(encoding="utf-8"))), encoding="utf-8")


def bondy_plan() -> dict[str, Any]:
    """Return the plan that `territory sites` tells on Bondy, by the streets."""
    with tempfile.TemporaryDirectory() as workshop:
        folder = Path(workshop) / "bondy"
        prepare_bondy(FOLDER, folder)
        plan: dict[str, Any] = build(open_territory(folder)).products["75_sites"].facts["plan"]
    return plan


def page(figures: dict[str, Any]) -> str:
    """Return the whole page from the measured figures."""
    sites = figures["sites"]
    lines = [
        *introduction(sites),
        *exists_lines(sites),
        *choice_lines(sites),
        *answer_lines(sites),
        *sector_lines(figures["sectors"]),
        *bondy_lines(figures["bondy"]),
        DISPUTED,
    ]
    return "\n".join(lines) + "\n"


def introduction(sites: dict[str, Any]) -> Iterator[str]:
    """Yield what is asked, and the answer in short."""
    lilas = next(
        (i for i, p in enumerate(sites["curve"]["points"]) if "Les Lilas" in p["towns"]), None
    )
    times = sites["redrawn"]["towns"].get("Les Lilas", [0])[0]
    cost = sites["requests"][f"forbid_{ADD}"]["price"]
    mine = next((c for c in sites["choice"] if c["town"] == "Les Lilas"), None)
    yield "# Permanences et secteurs d’Est Ensemble : un lieu aux Lilas ?\n"
    yield "Le bilan des médiateurs explique le faible nombre de Lilasiens reçus par « l’absence de lieu dédié sur place », qui rend moins fréquents les"
    yield "déplacements vers la Maison de l’Emploi de Pantin. L’outil mettrait-il un lieu aux Lilas ? IRIS, recensement, quartiers et lieux sont réels"
    yield "et publics ; les permanences d’aujourd’hui sont celles que le bilan nomme. Les chiffres viennent du calcul, jamais de la main ; page écrite par"
    yield "`python scripts/est_ensemble_sites_page.py`.\n"
    yield "## La réponse en bref\n"
    if lilas is None or mine is None:
        yield "- **Non** : avec les permanences du bilan, le meilleur choix ne met rien aux Lilas."
    else:
        at_home = dict(mine["homes"])["Les Lilas"] / mine["received"]
        yield f"- **Oui** : avec {lilas} demi-journées de plus que celles du bilan, le meilleur choix ({ENDINGS[sites['curve']['points'][lilas]['ending']]}) en met une aux Lilas, {mine['name']}. C’est la commune de {' puis de '.join(firsts(sites, lilas))} qui passe devant."
        yield f"- Elle y est moins pour les Lilasiens que pour leurs voisins : {percent(at_home)} de ceux qui viendraient habitent Les Lilas ({shares(mine['homes'][1:5], mine['received'])})."
    yield f"- **La réponse est fragile** : public, marche et attrait des lieux tirés à nouveau, Les Lilas sont choisis {times} fois sur {sites['redrawn']['scenarios']}. S’en passer coûterait"
    yield f"  {number(cost, 1)} personne par semaine ({number(cost * WEEKS)} par an) : qui a une bonne raison d’aller ailleurs peut y aller."
    base = {
        r["situation"]: r["first"]
        for r in sites["when"]
        if (r["half"], r["outside"]) == (Habits().half_min, Habits().outside)
    }
    yield f"- **Selon ce qui existe vraiment**, le rang change : Les Lilas viennent {rank_of(base['maisons'])} s’il n’y a que les Maisons de l’Emploi, {rank_of(base['centres'])} si Montreuil et Bobigny ont déjà"
    yield f"  une permanence, {rank_of(base['large'])} si chaque autre commune a ce que nos listes permettent de supposer.\n"


def firsts(sites: dict[str, Any], lilas: int) -> list[str]:
    """Return the towns chosen before Les Lilas."""
    return [t for t in sites["curve"]["points"][lilas]["towns"] if t != "Les Lilas"]


def rank_of(first: int | None) -> str:
    """Return with which half-day Les Lilas come, in French."""
    if first is None:
        return f"pas du tout parmi {MOST}"
    return "dès la première" if first == 1 else f"à la {first}<sup>e</sup>"


def shares(homes: list[list[Any]], total: float) -> str:
    """Return « Pantin 24 %, Romainville 15 % »."""
    told = [(town, value / total) for town, value in homes if value / total >= LEAST]
    return ", ".join(f"{town} {percent(share)}" for town, share in told)


def exists_lines(sites: dict[str, Any]) -> Iterator[str]:
    """Yield what is there, what is assumed, and how attendance is set."""
    counts, habits = sites["counts"], Habits()
    yield "## Ce qui existe, ce qui est supposé\n"
    yield f"Les listes publiques (France services, bibliothèques, PMI, conseillers numériques) tiennent {counts['listed']} lignes dans les neuf communes. {counts['unable']} sont des centres d’archives,"
    yield f"bibliothèques d’université ou de musée, {counts['mobile']} sont mobiles : **restent {counts['hosts']} lieux** qui pourraient accueillir, si on le leur demandait (« COMMUNE DE … » est la mairie, qui emploie un conseiller numérique). Le public"
    yield f"est celui des chômeurs au sens du recensement de 2016 : {number(counts['public'])} personnes dans {counts['units']} IRIS.\n"
    yield row(("commune", "public", "lieux possibles", "dont horaires connus"))
    yield row(["---"] * 4)
    for town, values in counts["towns"].items():
        yield row((town, *(number(values[k]) for k in ("public", "hosts", "known"))))
    yield "\n- **Permanences du bilan**, une demi-journée chacune, jour inconnu : les Maisons de l’Emploi de Pantin, Noisy-le-Sec et Bagnolet, la Petite ruche (Noisy-le-Sec), une"
    yield "  France services de Bondy. Aucune liste ne donne l’adresse des quatre premières : **les Maisons de l’Emploi sont placées à la mairie**, la Petite ruche à la médiathèque."
    yield f"- **Marche** : pas de rues ici ; ligne droite entre milieux × {number(DETOUR, 1)}, à {number(METRES_A_MINUTE)} m par minute. Il vient moitié moins de monde à {number(habits.half_min)} min, personne au-delà de"
    yield f"  {number(CUT * habits.half_min, 1)}. Avec les 10 et 25 min par défaut de l’outil, aucun Lilasien n’irait à Pantin, ce que le bilan dément ; d’autres valeurs sont essayées plus bas."
    yield f"- **Fréquentation** : {RECEIVED} personnes reçues pour {SESSIONS} permanences et interventions, soit {number(RECEIVED / SESSIONS, 1)} chaque fois. Les cinq permanences d’aujourd’hui en"
    yield f"  reçoivent donc {number(sites['curve']['points'][0]['value'], 1)} par semaine, d’où {number(100 * sites['visits'], 2)} visite par semaine au plus pour 100 personnes. Chacun choisit entre les lieux ouverts et rester chez soi (Huff)."
    yield "- **Demi-journées** : rien de ce qu’on sait du public ne les départage, et aucun marché n’a d’horaires dans ces listes. Celles où un lieu est ouvert sont données ; sinon « à vérifier ».\n"


def choice_lines(sites: dict[str, Any]) -> Iterator[str]:
    """Yield the places of the choice and the curve."""
    curve = sites["curve"]
    yield f"## Où ouvrir {ADD} demi-journées de plus, une par médiateur\n"
    yield "![Minutes à pied jusqu’à la permanence la plus proche, aujourd’hui et avec le choix](images/permanences_est_ensemble.png)\n"
    yield row(
        (
            "rang",
            "lieu",
            "reçues par semaine",
            "dont en plus",
            "prises à d’autres lieux",
            "d’où",
            "demi-journées possibles",
        )
    )
    yield row(["---"] * 7)
    for rank, c in enumerate(sites["choice"], start=1):
        figures = (number(c[k], 1) for k in ("received", "gain", "transferred"))
        yield row(
            (
                str(rank),
                f"{c['name']} ({c['town']})",
                *figures,
                shares(c["homes"][:4], c["received"]),
                half_days(c),
            )
        )
    yield "\nUne de plus, puis une autre (personnes par semaine ; le meilleur choix peut changer de lieux d’une ligne à l’autre) :\n"
    yield row(("de plus", "reçues", "gain", "heures par personne gagnée", "communes", "preuve"))
    yield row(["---"] * 6)
    for p in curve["points"][1:]:
        yield row(
            (
                str(p["added"]),
                number(p["value"], 1),
                number(p["gain"], 2),
                number(p["hours"], 1),
                ", ".join(p["towns"]),
                ENDINGS[p["ending"]],
            )
        )
    elbow = f"Le coude est à {curve['elbow']}" if curve["elbow"] else "La courbe n’a pas de coude"
    yield f"\n{elbow}. Une demi-journée coûte quatre heures d’un médiateur, préparation comprise.\n"


def half_days(told: dict[str, Any]) -> str:
    """Return the half-days on which a place is open, « à vérifier » when nobody tells."""
    return ", ".join(map(spoken_slot, told["open"])) if told["known"] else "horaires à vérifier"


ENDINGS = {
    "optimal": "prouvé",
    "within_gap": "à l’écart annoncé près",
    "time_up": "non prouvé",
    "impossible": "impossible",
    "": "–",
}


def bondy_lines(plan: dict[str, Any]) -> Iterator[str]:
    """Yield what the product says of Bondy, by the streets."""
    yield "## Bondy, par les rues\n"
    yield "Le même choix, par l’outil lui-même (`territory sites`) : carreaux de 200 m, marche par les vraies rues, horaires réels. Le journal y est simulé : la fréquentation"
    yield "qu’il donne n’est pas un fait.\n"
    for site in plan["sites"]:
        yield f"- **{site['name']}** : {site['reason']}"
    yield f"- En tout, {number(plan['people_before'], 1)} personnes par semaine avant, {number(plan['people_week'], 1)} après ({ENDINGS[plan['ending']]}).\n"


DISPUTED = """## Ce qu’un coordinateur d’Est Ensemble contesterait

- **« On a des permanences à Montreuil et à Bobigny. »** Le bilan n’en nomme pas, le calcul en met donc d’abord là. S’il y en a, la première et la troisième ligne tombent (essayé plus haut), et Les Lilas remontent.
- **« Les Lilasiens vont à Pantin, pas à Bagnolet. »** À pied et placée à la mairie, la Maison de l’Emploi de Bagnolet est plus près ; le bilan parle de Pantin. Lignes de bus, métro 11, habitudes, même poste
  pour Pantin et Les Lilas : rien de cela n’est dans le calcul. Le transfert vers Pantin y est donc trop faible, et celui vers Bagnolet trop fort.
- **« Une bibliothèque n’est pas une salle. »** Personne n’a demandé à ces lieux. Une PMI ou une maternité n’accueille pas tout le monde ; nos listes n’ont ni centre social, ni bailleur, ni association, qui tiennent
  pourtant une part des permanences comptées par le bilan.
- **« Les Maisons de l’Emploi sont ouvertes toute la semaine. »** On ne compte ici que la demi-journée du médiateur.
- **« 2016, c’est loin. »** Et les chômeurs recensés ne sont pas « les invisibles ». Les prix, les constructions, le métro 11 prolongé ont changé Les Lilas, Romainville et Montreuil.
- **« Paris est en face. »** Ce qui existe de l’autre côté du périphérique n’est pas compté : il retiendrait des Lilasiens, des Gervaisiens, des Pantinois.

Ce que les données ne peuvent pas dire : combien de Lilasiens viennent aujourd’hui (le graphique du bilan n’a pas de chiffres dans le texte) ; si une demi-journée vaut mieux qu’une autre ; si un lieu acceptera ; ce que
vaudrait la présence elle-même. Les nombres de personnes sont des ordres de grandeur, calés sur un quotient du bilan : comparez les choix entre eux."""


if __name__ == "__main__":
    main()
