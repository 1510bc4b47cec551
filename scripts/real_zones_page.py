"""
Regenerate docs/zones_reelles.md and its two pictures: Bondy, and the towns of Est Ensemble.

Territories are real; contacts are simulated, with a blind spot planted in each.
"""

# ruff: noqa: E501 - French sentences

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.bondy import BLIND_NORTH_OF, TIMES_FEWER, prepare_bondy
from scripts.est_ensemble import read_towns, search
from scripts.est_ensemble_page import towns_lines, towns_picture
from scripts.real_zones_pictures import Panel, Scene, picture
from scripts.real_zones_tables import KEY, covered, opinion_of, row, share_in, zone_table
from territory.analysis.effort_unvisited import LATELY
from territory.analysis.gaps import gap_table
from territory.analysis.gates import eligible, need_level
from territory.outputs.french import minutes, number, percent, small_count
from territory.pipeline.gap_views import gaps_of
from territory.pipeline.steps import build
from territory.pipeline.workspace import Built, open_territory
from tests.real_data import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from territory.model.results import Gap

PAGE = ROOT / "docs" / "zones_reelles.md"
IMAGES = ROOT / "docs" / "images"
SLOTS = ("mardi matin", "mercredi après-midi", "jeudi après-midi")
FIRST = 3  # zones shown of a public or a half-day
# Written by hand on reading the map of these zones; never on a figure.
OPINIONS = {
    "Z-CRS3035RES200mN2894200E3771000": (
        "**Oui.** C’est bien là que presque personne n’est allé, près d’un quartier prioritaire. Il dirait aussi que le nord entier est "
        "concerné, et s’étonnerait d’une zone en deux morceaux : elle contourne les carreaux que le filtre écarte."
    ),
    "Z-CRS3035RES200mN2892600E3770800": (
        "**Pour aller voir.** Rien n’y a été planté ; peu de contacts, loin des permanences : une sortie comptée trancherait."
    ),
    "Z-CRS3035RES200mN2893800E3771000": (
        "**Pas comme une zone à part.** Rien n’y a été planté, elle borde le nord oublié par le sud, en trois morceaux. La même tournée que la première suffirait."
    ),
}  # fmt: skip


def main() -> None:
    """Build both territories, draw them, write the page; say so when the files are not here."""
    if not FOLDER.exists():
        print("Les fichiers réels ne sont pas là : docs/zones_reelles.md reste tel quel.")
        return
    with tempfile.TemporaryDirectory() as workshop:
        folder = Path(workshop) / "bondy"
        prepare_bondy(FOLDER, folder)
        built = build(open_territory(folder))
        bondy_picture(built, IMAGES / "zones_bondy.png")
        lines = [*introduction(), *bondy_lines(built)]
    towns = read_towns(FOLDER)
    found = search(towns)
    towns_picture(towns, found, IMAGES / "zones_est_ensemble.png")
    lines += towns_lines(towns, found)
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def introduction() -> Iterator[str]:
    """Yield what the page is, and what it is not."""
    yield "# Zones peu couvertes sur de vrais territoires : un coordinateur serait-il d’accord ?\n"
    yield "Rues, carreaux, IRIS, recensement, quartiers et lieux sont réels et publics. **Les activités sont simulées** : aucun vrai journal ne"
    yield "peut être publié. Dans chaque territoire, un **angle mort** a été planté : on sait donc ce qu’il fallait trouver. Tous les chiffres viennent"
    yield "du calcul ; les avis sont écrits à la main. Page écrite par `python scripts/real_zones_page.py`.\n"


def blind(built: Built) -> list[str]:
    """Return the cells of the planted blind spot, by the rule that drew the outings."""
    cells = built.table("cells").sort_index()
    north = cells.geometry.centroid.to_crs(4326).y > BLIND_NORTH_OF
    return list(cells.index[north])


def known(built: Built) -> pd.DataFrame:
    """Return the table the search works on."""
    tables = (built.table(name) for name in ("need", "access", "effort", "cells"))
    return gap_table(*tables)


def bondy_picture(built: Built, path: Path) -> None:
    """Draw Bondy: need, walk, contacts, zones."""
    cells, table = built.table("cells").sort_index(), known(built)
    held, places = built.table("permanences"), built.table("places")
    scene = Scene(
        cells,
        built.table("communes"),
        places.geometry.reindex(held["place_id"].unique()),
        built.gaps,
        tuple(blind(built)),
    )
    density = table["target"] / (cells.geometry.area.reindex(table.index) / 1e4)
    panels = (
        Panel("Besoin : public estimé par hectare", density, (1, 4, 8, 14)),
        Panel(
            "Accès : minutes à pied (carrés blancs : permanences)",
            table["minutes_permanence"],
            (5, 8, 12, 18),
        ),
        Panel("Contacts : personnes informées près du carreau", table["contacts"], (1, 3, 8, 15)),
    )
    source = "Activités simulées. Insee (recensement 2016, Filosofi 2019), © contributeurs d’OpenStreetMap, IGN, ANCT."
    picture(path, scene, panels, "Bondy, carreaux de 200 m (activités simulées)", source)


def bondy_lines(built: Built) -> Iterator[str]:
    """Yield the chapter of Bondy."""
    totals = built.products["57_effort"].facts["totals"]
    outings = int((built.table("activities")["n_informed"] > 0).sum())
    yield "## Bondy, par carreaux de 200 m\n"
    yield f"{number(len(built.table('cells')))} carreaux, {number(known(built)['target'].sum())} personnes du public (chômeurs au sens du recensement),"
    yield f"{number(totals['contacts_located'])} personnes informées près d’un carreau en un an, au cours de {outings} sorties simulées."
    yield f"**Angle mort planté** : au nord du canal ({number(BLIND_NORTH_OF, 3)}° de latitude), {TIMES_FEWER} fois moins de sorties à nombre d’habitants égal.\n"
    yield "![Bondy : besoin, accès, contacts, zones (activités simulées)](images/zones_bondy.png)\n"
    yield from zone_table(built.gaps, known(built)["target"], blind(built))
    yield f"\n{KEY}\n"
    yield from planted_lines(built)
    yield from cohort_lines(built)
    yield from slot_lines(built)
    yield from waiting_lines(built)


def planted_lines(built: Built) -> Iterator[str]:
    """Yield whether the planted blind spot is found, and what of it cannot be."""
    table, secret, gaps = known(built), blind(built), built.gaps
    target, limits = table["target"], built.territory.settings.gaps
    may = eligible(table, access_min=limits.access_min, level=limits.need_level)
    passing = frozenset(table.index[may])
    inside = table.loc[secret]
    near, low = (
        share_in(secret, target, frozenset(table.index[mask]))
        for mask in (
            table["minutes_permanence"] < limits.access_min,
            need_level(table) < limits.need_level,
        )
    )
    yield "### L’angle mort est-il trouvé ?\n"
    yield f"- Au nord du canal : {number(inside['target'].sum())} personnes du public, {number(inside['contacts'].sum())} rencontrées pour {number(inside['expected'].sum())} attendues."
    yield f"- **{found_sentence(gaps, target, secret)}**"
    yield f"- Les zones trouvées tiennent {percent(covered(gaps, target, secret))} du public de l’angle mort (la première : {percent(covered(gaps[:1], target, secret))}). Une fenêtre s’arrête à"
    yield f"  {percent(limits.max_share)} des contacts attendus : un angle mort aussi grand ne peut pas tenir dans une seule zone."
    yield f"- **{percent(1 - share_in(secret, target, passing))} de ce public est hors du filtre** (permanence à moins de {number(limits.access_min)} minutes : {percent(near)} ; besoin sous {number(limits.need_level, 1)} fois la moyenne : {percent(low)}). L’outil"
    yield "  ne dira jamais qu’il manque là des contacts : une permanence ouverte une demi-journée par semaine suffit à l’en empêcher. C’est sa plus"
    yield "  grande limite ici ; la recherche par demi-journée, plus bas, la lève en partie.\n"
    yield "### Un coordinateur serait-il d’accord ?\n"
    for gap in gaps[:FIRST]:
        yield f"**{gap.rank}. {gap.name}** : {opinion_of(gap.zone_id, OPINIONS)}\n"
    yield rest_sentence(gaps[FIRST:])


def rest_sentence(gaps: Sequence[Gap]) -> str:
    """Say what the zones that nobody need judge have in common."""
    least = min((gap.doubt.p_value for gap in gaps if gap.doubt is not None), default=1.0)
    return f"Les {len(gaps)} autres ont un p d’au moins {number(least, 2)} : le hasard en donne autant, **personne n’a à en décider**.\n"


def found_sentence(gaps: Sequence[Gap], target: pd.Series, secret: Sequence[str]) -> str:
    """Say at which rank the first zone mostly inside the planted blind spot comes."""
    held = frozenset(secret)
    for gap in gaps:
        share = share_in(gap.cells, target, held)
        if share >= 0.5:
            return (
                f"Trouvé au rang {gap.rank}, « {gap.verdict} » : {percent(share)} du public de cette zone est "
                f"dans l’angle mort ({small_count(gap.contacts)} rencontrées, {number(gap.expected)} attendues)."
            )
    return "Pas trouvé : aucune zone n’est pour moitié dans l’angle mort."


def cohort_lines(built: Built) -> Iterator[str]:
    """Yield the first zones of each public."""
    yield "### Par public\n"
    yield "Le besoin et les comptages sont ceux de ce public seul. La simulation tire la même part de femmes, de jeunes et de seniors partout : il n’y a"
    yield "donc rien d’autre à trouver que le même angle mort, avec moins de contacts pour l’établir.\n"
    names = [cohort.name for cohort in built.territory.settings.need.cohorts]
    yield from view_table("public", [(name, gaps_of(built, cohort=name)) for name in names], built)
    yield "\nLes seniors visés ont 50 à 64 ans, mais le journal ne compte que les 60 ans et plus : un tel écart se lit dans les deux sens.\n"


def slot_lines(built: Built) -> Iterator[str]:
    """Yield the first zones when only the permanences of one half-day count."""
    yield "### Par demi-journée\n"
    yield "Seules les permanences ouvertes alors donnent l’accès ; les contacts restent ceux de l’année. Quand aucune n’est ouverte, tout le territoire"
    yield "est « loin » et le filtre ne retient plus que le besoin.\n"
    target, secret = known(built)["target"], blind(built)
    views = [(slot, gaps_of(built, slot=slot)) for slot in SLOTS]
    yield from view_table("demi-journée", views, built)
    held = ", ".join(f"{slot} {percent(covered(gaps, target, secret))}" for slot, gaps in views)
    yield f"\nPart du public de l’angle mort que tiennent les zones affichées : {held}.\n"


def view_table(
    what: str, views: Sequence[tuple[str, Sequence[Gap]]], built: Built
) -> Iterator[str]:
    """Yield the first zones of several searches; the last column is what was planted."""
    target, secret = known(built)["target"], frozenset(blind(built))
    yield row((what, "rang", "zone", "verdict", "rencontrées", "attendues", "marche", "plantée"))
    yield row(["---"] * 8)
    for name, gaps in views:
        for gap in gaps[:FIRST]:
            walk = minutes(float("inf") if gap.minutes is None else gap.minutes)
            figures = small_count(gap.contacts), number(gap.expected), walk
            planted = percent(share_in(gap.cells, target, secret))
            yield row((name, str(gap.rank), gap.name, str(gap.verdict), *figures, planted))


def waiting_lines(built: Built) -> Iterator[str]:
    """Yield where nobody came for long, and why the list says less than the zones."""
    table, effort = built.table("unvisited"), built.territory.settings.effort
    late = table[table["state"] != LATELY]
    yield f"### Sans passage depuis {effort.unvisited_weeks} semaines\n"
    yield f"Secteurs d’un seul tenant dont aucun carreau n’a eu de sortie à moins de {number(effort.reach_min)} minutes à pied (et communes, quartiers, IRIS entiers, s’il y en a).\n"
    yield row(("lieu", "dernière sortie", "semaines", "sorties en un an", "habitants sans passage"))
    yield row(["---"] * 5)
    for _, area in late.iterrows():
        last = "jamais" if pd.isna(area["last_on"]) else f"{area['last_on']:%d/%m/%Y}"
        weeks = "–" if pd.isna(area["weeks_since"]) else number(area["weeks_since"])
        people = number(area["residents_unvisited"])
        yield row((str(area["name"]), last, weeks, number(area["outings"]), people))
    yield "\nUne seule sortie efface un lieu de cette liste : elle dit où personne n’est allé récemment, non où il manque des rencontres.\n"


if __name__ == "__main__":
    main()
