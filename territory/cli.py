"""The command line: parse, call one public function, print in French."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from territory.endings import DONE, REFUSED, run_in_french
from territory.errors import TerritoryError
from territory.io.new_territory import create_territory
from territory.io.raw_folder import add_raw, raw_folder
from territory.io.recognise import Source, recognise
from territory.io.table_writer import write_refused
from territory.model.issues import ReadReport, shown
from territory.model.jsonable import to_json
from territory.outputs.account import (
    sectors_account,
    sites_account,
    week_account,
    zones_account,
)
from territory.pipeline.deliver import account, deliver
from territory.pipeline.steps import build, read_sources, week_step
from territory.pipeline.workspace import Built, Territory, next_week, open_territory

app = typer.Typer(
    help="Où l'équipe manque, qui va où cette semaine, où ouvrir une permanence.",
    add_completion=False,
    rich_markup_mode=None,
)
Folder = Annotated[Path, typer.Argument(metavar="DOSSIER", help="dossier du territoire")]
AsJson = Annotated[bool, typer.Option("--json", help="un objet JSON sur la sortie standard")]
Seed = Annotated[int | None, typer.Option("--seed", help="graine des tirages")]


@app.command()
def init(
    folder: Folder,
    communes: Annotated[str, typer.Option("--communes", help="codes Insee séparés par , ")] = "",
    name: Annotated[str, typer.Option("--nom", help="nom du territoire")] = "Mon territoire",
    as_json: AsJson = False,
) -> int:
    """Crée le dossier d'un territoire et ses réglages."""
    codes = [c.strip() for c in communes.split(",") if c.strip()]
    path = create_territory(folder, name=name, communes=codes)
    lines = [f"Territoire créé. Réglages : {path.name}. Ajoutez maintenant vos fichiers :"]
    lines.append(f"  territory add {folder} FICHIER...")
    return _answer({"reglages": path.name, "communes": codes}, lines, as_json=as_json)


@app.command()
def add(
    folder: Folder,
    files: Annotated[list[Path], typer.Argument(metavar="FICHIER...", help="fichiers à ajouter")],
    origin: Annotated[str, typer.Option("--origine", help="d'où vient le fichier")] = "",
    licence: Annotated[str, typer.Option("--licence", help="licence du fichier")] = "",
    as_json: AsJson = False,
) -> int:
    """Ajoute des fichiers : chacun est reconnu à son contenu, copié et enregistré."""
    open_territory(folder)
    rows = [_added(folder, path, origin, licence) for path in files]
    lines = [f"{row['fichier']} : {row['resultat']}" for row in rows]
    lines.append(f"Vérifiez maintenant la lecture : territory check {folder}")
    _answer({"fichiers": rows}, lines, as_json=as_json)
    return DONE if all(row["ajoute"] for row in rows) else REFUSED


@app.command()
def check(folder: Folder, as_json: AsJson = False) -> int:
    """Relit les fichiers reçus et dit ce qui est corrigé, refusé ou manquant."""
    built = read_sources(open_territory(folder))
    refused = _write_refused(built)
    lines = [*_report_lines(built.reports), *refused]
    rows = [to_json(r) for r in built.reports]
    _answer({"lectures": rows}, lines, as_json=as_json)
    return REFUSED if any(i.refused for r in built.reports for i in r.issues) else DONE


@app.command(name="build")
def build_command(folder: Folder, as_json: AsJson = False, seed: Seed = None) -> int:
    """Calcule tout : zones, accès, passages, secteurs, permanences proposées."""
    built = _build(folder, seed)
    lines = [*_report_lines(built.reports), *built.products["40_walk"].facts["audit"]]
    names = {name: product.digest for name, product in built.products.items()}
    return _answer({"produits": names}, lines, as_json=as_json)


@app.command()
def zones(folder: Folder, as_json: AsJson = False, seed: Seed = None) -> int:
    """Liste les zones peu couvertes, dans l'ordre, avec leurs raisons."""
    gaps = _build(folder, seed).gaps
    return _answer({"zones": to_json(gaps)}, zones_account(gaps), as_json=as_json)


@app.command()
def week(
    folder: Folder,
    which: Annotated[str, typer.Argument(metavar="[SEMAINE]", help="par exemple 2026-W48")] = "",
    as_json: AsJson = False,
    seed: Seed = None,
) -> int:
    """Prépare la semaine et écrit carte, fiches, agenda, traces et classeur."""
    built = _build(folder, seed)
    plan = week_step(built, which or next_week(built.territory.today))
    paths = deliver(built, plan)
    lines = [*week_account(plan), *_where(built.territory, paths)]
    return _answer(to_json(plan), lines, as_json=as_json)


@app.command()
def sites(
    folder: Folder,
    number: Annotated[int, typer.Option("--add", help="nombre de permanences à proposer")] = 0,
    as_json: AsJson = False,
    seed: Seed = None,
) -> int:
    """Propose les lieux d'une nouvelle permanence."""
    plan = _build(folder, seed, sites=number or None).sites
    return _answer(to_json(plan), sites_account(plan), as_json=as_json)


@app.command()
def sectors(folder: Folder, as_json: AsJson = False, seed: Seed = None) -> int:
    """Propose qui couvre quelles communes."""
    plan = _build(folder, seed).sectors
    return _answer(to_json(plan), sectors_account(plan), as_json=as_json)


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(metavar="[DOSSIER]")] = Path(),
    as_json: AsJson = False,
    seed: Seed = None,
) -> int:
    """Fait tout sur la ville fictive du dossier et raconte ce qui a été trouvé."""
    _take_raw_files(folder)
    built = _build(folder, seed)
    plan = week_step(built, next_week(built.territory.today))
    paths = deliver(built, plan)
    lines = [*account(built, plan), "", *_where(built.territory, paths)]
    files = [str(p.relative_to(folder)) for p in paths]
    return _answer({"semaine": to_json(plan), "fichiers": files}, lines, as_json=as_json)


def main() -> None:
    """Entry point of the `territory` command."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code; every failure is a French sentence."""
    command = typer.main.get_command(app)
    journal = Path("territory-erreur.txt")
    return run_in_french(
        lambda: command.main(
            args=arguments or ["--help"], prog_name="territory", standalone_mode=False
        ),
        journal,
    )


def _answer(value: Any, lines: list[str], *, as_json: bool) -> int:  # noqa: ANN401 - JSON value
    text = json.dumps(value, ensure_ascii=False, indent=1) if as_json else "\n".join(lines)
    typer.echo(text)
    return DONE


def _build(folder: Path, seed: int | None, *, sites: int | None = None) -> Built:
    territory = open_territory(folder).with_options(seed=seed, sites=sites)
    console = Console(stderr=True)
    if not console.is_terminal:
        return build(territory)
    with console.status("Préparation") as status:
        return build(territory, progress=status.update)


def _added(folder: Path, path: Path, origin: str, licence: str) -> dict[str, Any]:
    try:
        sources = recognise(path)
        add_raw(folder, path, sources, origin=origin, licence=licence)
    except TerritoryError as error:
        return {"fichier": path.name, "ajoute": False, "resultat": f"refusé. {error}"}
    return {"fichier": path.name, "ajoute": True, "resultat": f"ajouté, {_kinds(sources)}"}


def _kinds(sources: tuple[Source, ...]) -> str:
    named = [s.label + (f" [{s.layer}]" if s.layer else "") for s in sources]
    return "reconnu comme " + " ; ".join(named)


def _report_lines(reports: tuple[ReadReport, ...]) -> list[str]:
    issues = [issue for report in reports for issue in report.issues]
    return [*shown(issues), *(report.summary() for report in reports if report.read)]


def _write_refused(built: Built) -> list[str]:
    path = built.territory.folder / "outputs" / "lignes_refusees.csv"
    if not any(issue.refused for report in built.reports for issue in report.issues):
        return []
    write_refused(built.reports, path)
    return [f"Lignes refusées (sans leurs valeurs) : {path.relative_to(built.territory.folder)}"]


def _where(territory: Territory, paths: list[Path]) -> list[str]:
    shown_paths = [p.relative_to(territory.folder) for p in paths]
    sheets = sum(p.suffix == ".pdf" for p in shown_paths)
    main_ones = [f"  {p}" for p in shown_paths if p.suffix not in {".pdf", ".gpx"}]
    return ["Fichiers écrits :", *main_ones, f"  et {sheets} fiches de tournée avec leur trace GPX"]


def _take_raw_files(folder: Path) -> None:
    """List the files already lying in data/raw, as a fresh clone of the fictional town has them."""
    for path in sorted(raw_folder(folder).glob("*")):
        try:
            add_raw(folder, path, recognise(path))
        except TerritoryError:
            continue
