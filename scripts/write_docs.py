"""Regenerate docs/bondy.md and the pictures of the README and of the docs."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.bondy import prepare_bondy
from scripts.commands_page import commands_page
from scripts.sheet_picture import sheet_picture
from territory.analysis.need_draws import WITH_POVERTY, WITHOUT_POVERTY
from territory.analysis.quarters import in_force
from territory.cli import run
from territory.model.census import GRID_AGES, RESIDENTS, UNEMPLOYED
from territory.model.issues import shown
from territory.network.audit import audit
from territory.outputs.french import number, percent
from territory.outputs.pictures import write_png, zones_picture
from territory.outputs.settings_words import MEANINGS
from territory.pipeline.deliver import account
from territory.pipeline.steps import build
from territory.pipeline.walking import network_of
from territory.pipeline.week import week_step
from territory.pipeline.workspace import Built, open_territory
from territory.settings import COHORTS, Need, Settings, Week
from tests.real_data import FOLDER
from tests.robustness.bad_inputs import page

IMAGES = ROOT / "docs" / "images"
WEEK = "2026-W45"


def main() -> None:
    """Build the fictional town and, when its files are here, Bondy; write what the docs show."""
    (ROOT / "docs" / "reglages.md").write_text(settings_page(), encoding="utf-8")
    (ROOT / "docs" / "commandes.md").write_text(commands_page(), encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        refused = page(Path(folder))
    (ROOT / "docs" / "entrees_refusees.md").write_text(refused, encoding="utf-8")
    run(["demo", str(ROOT)])
    town = build(open_territory(ROOT))
    picture(town, IMAGES / "valfictif.png")
    sheet_picture(town, week_step(town, WEEK), IMAGES / "fiche.png")
    if not FOLDER.exists():
        print("Les fichiers réels de Bondy ne sont pas là : docs/bondy.md reste tel quel.")
        return
    with tempfile.TemporaryDirectory() as workshop:
        folder = Path(workshop) / "bondy"
        prepare_bondy(FOLDER, folder)
        started = time.monotonic()
        built = build(open_territory(folder))
        seconds = time.monotonic() - started
        picture(built, IMAGES / "bondy.png")
        (ROOT / "docs" / "bondy.md").write_text(bondy_page(built, seconds), encoding="utf-8")


def picture(built: Built, path: Path) -> None:
    """Draw the ranked zones of a territory as a PNG."""
    drawing = zones_picture(
        communes=built.table("communes"),
        zones=in_force(built.table("zones")),
        cells=built.table("cells"),
        need=built.table("need"),
        gaps=built.gaps,
        places=built.table("places"),
        permanences=built.table("permanences"),
        sites=built.sites,
        segments=built.table("segments"),
        settings=built.territory.settings,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    write_png(drawing, path, width_px=1100)


def bondy_page(built: Built, seconds: float) -> str:
    """Return docs/bondy.md: what the real files gave, with their counted flaws."""
    plan = week_step(built, WEEK)
    lines = [
        "# Bondy, de bout en bout",
        "",
        "Fichiers réels : rues OpenStreetMap 2023, QPV 2015 et 2024, communes et IRIS, recensement "
        "2016, Filosofi 2019, France services, bibliothèques, PMI, conseillers numériques, adresses. "
        "**L'équipe, les disponibilités et les activités sont simulées** (`scripts/bondy.py`) : le nord "
        "y a été volontairement peu parcouru. Page écrite par `python scripts/write_docs.py`.",
        "",
        "![Zones peu couvertes de Bondy (activités simulées)](images/bondy.png)",
        "",
        "## Le réseau et la population",
        "",
        *network_lines(built),
        f"- Tout calculé en {number(seconds, 1)} s (fichiers déjà reconnus, rien en cache).",
        "",
        "## Ce que l'outil raconte",
        "",
        "```",
        *account(built, plan),
        "```",
        "",
        "## Ce que la lecture a corrigé ou refusé",
        "",
        "```",
        *shown([i for r in built.reports for i in r.issues], 3),
        *(r.summary() for r in built.reports if r.read),
        "```",
        "",
    ]
    return "\n".join(lines)


def settings_page() -> str:
    """Return docs/reglages.md: every setting, its key, its default."""
    lines = ["# Réglages (`territory.toml`)", "", "Une valeur absente garde son défaut.", ""]
    for section in Settings.model_fields.values():
        kind = section.annotation
        lines += [f"## [{section.alias}]", ""]
        if kind is Week:
            lines += week_lines()
            continue
        lines += ["| réglage | défaut |", "| --- | --- |"]
        lines += [
            f"| `{field.alias}` | {french_default(field.default)} |"
            for field in kind.model_fields.values()
        ]
        lines.append("")
        lines += cohort_lines() if kind is Need else []
    return "\n".join(lines)


def week_lines() -> list[str]:
    """Return the settings of the week, each with what it means (docs/semaine.md says the whole)."""
    rows = [
        f"| `{field.alias}` | {french_default(field.default)} | {MEANINGS.get(field.alias or '', '')} |"
        for field in Week.model_fields.values()
    ]
    said = "Ce que ces réglages font ensemble : [la semaine de maraudes](semaine.md)."
    return [said, "", "| réglage | défaut | sens |", "| --- | --- | --- |", *rows, ""]


def french_default(value: object) -> str:
    """Return a default as it is written in the file."""
    if value is None or value in ((), {}):
        return "aucun"
    if value == COHORTS:
        return ", ".join(c.name for c in COHORTS) + " (ci-dessous)"
    if isinstance(value, tuple):
        return f"`{json.dumps(value, ensure_ascii=False)}`"
    return str(value).lower() if isinstance(value, bool) else f"`{value}`"


def cohort_lines() -> list[str]:
    """Return what a cohort rests on, as it is written in the file."""
    out, people, grid = (", ".join(names) for names in (UNEMPLOYED, RESIDENTS, GRID_AGES))
    columns = f"possibles : chomeurs, {out} ; habitants, {people} ; carreaux, {grid}."
    lines = [
        "Le public d'une cohorte est estimé d'après les chômeurs de cet âge ou de ce sexe par IRIS, "
        "répartis entre les carreaux selon les habitants de ces âges. Les données ne connaissent pas "
        "tous les âges : `ages` dit le public visé, les colonnes disent ce qui est compté. Colonnes "
        + columns,
        "",
        "Tous les habitants des foyers comptent (`part_hors_menages = 1.0`) : le carroyage n'en voit "
        "aucun. Baissez cette part si vous savez que des enfants ou des personnes en emploi y vivent. "
        "Les lieux sensibles ne sont ajoutés à aucun carreau. Sans `ecart_repartition`, l'erreur de "
        f"répartition est celle mesurée à Paris et à Bondy ({WITH_POVERTY} et {WITHOUT_POVERTY}, "
        "en logarithme).",
        "",
        "```toml",
    ]
    for cohort in COHORTS:
        lines.append("[[besoin.cohortes]]")
        lines += [f"{k} = {json.dumps(v)}" for k, v in cohort.model_dump(by_alias=True).items()]
    return [*lines, "```", ""]


def network_lines(built: Built) -> list[str]:
    """Return the figures of the graph and of the population it reaches."""
    found = audit(network_of(built.products["40_walk"]))
    need, access = built.table("need"), built.table("access")
    reached = need.loc[access["minutes_permanence"] < float("inf"), "residents"].sum()
    total = need["residents"].sum()
    pieces = found.components
    return [
        f"- {number(found.length_km, 1)} km de rues où l'on peut marcher, en {len(pieces)} morceaux ; "
        f"le plus grand tient {percent(pieces['share'].max(), 1)} de la longueur. Les autres ne sont "
        "**pas** joints (`joindre_trous_m = 0`) : un morceau isolé se regarde avant de se recoller.",
        f"- {number(total)} habitants de ménages fiscaux ; {percent(reached / total, 1)} à moins de "
        "25 minutes à pied d'une permanence.",
        f"- {found.points_unsnapped} points sur {found.n_points} sont à plus de 250 m de la plus "
        "proche rue du grand morceau.",
    ]


if __name__ == "__main__":
    main()
