"""The command line: parse, call one action, print in French; nothing heavy loads for `--help`."""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import Annotated

import typer

from territory.cli_batch import many
from territory.cli_exchange import exchanging
from territory.cli_parts import AsJson, Folder, Seed, do
from territory.cli_siting import siting
from territory.cli_store import store
from territory.cli_web import pages
from territory.cli_week import weekly
from territory.endings import run_in_french

app = typer.Typer(
    help="Où l'équipe manque, qui va où cette semaine, où ouvrir une permanence.",
    add_completion=False,
    rich_markup_mode=None,
)
ALONE = "--sans-passage"  # its number may be left out: that of the settings
_NEW_OBJECTS = 1_000_000  # made between two looks for cycles: a log of three years makes more


@app.command()
def init(
    folder: Folder,
    communes: Annotated[str, typer.Option("--communes", help="codes Insee séparés par , ")] = "",
    name: Annotated[str, typer.Option("--nom", help="nom du territoire")] = "Mon territoire",
    epci: Annotated[str, typer.Option("--epci", help="SIREN d'un EPT, par ex. 200057875")] = "",
    as_json: AsJson = False,
) -> int:
    """Crée le dossier d'un territoire et ses réglages."""
    return do("founding.init", folder, communes, name, epci, as_json=as_json)


@app.command()
def add(
    folder: Folder,
    files: Annotated[list[Path], typer.Argument(metavar="FICHIER...", help="fichiers à ajouter")],
    origin: Annotated[str, typer.Option("--origine", help="d'où vient le fichier")] = "",
    licence: Annotated[str, typer.Option("--licence", help="licence du fichier")] = "",
    as_json: AsJson = False,
) -> int:
    """Ajoute des fichiers : chacun est reconnu à son contenu, copié et enregistré."""
    return do("work.add", folder, files, origin, licence, as_json=as_json)


@app.command()
def check(
    folder: Folder,
    strict: Annotated[
        bool, typer.Option("--strict", help="au moindre défaut, n'écrit rien et s'arrête")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Relit les fichiers reçus et dit ce qui est corrigé, refusé ou manquant."""
    return do("work.check", folder, strict, as_json=as_json)


@app.command()
def build(folder: Folder, as_json: AsJson = False, seed: Seed = None) -> int:
    """Calcule tout : zones, accès, passages, secteurs, permanences proposées."""
    return do("work.build", folder, seed, as_json=as_json)


@app.command()
def zones(
    folder: Folder,
    cohort: Annotated[
        str, typer.Option("--public", help="un public des réglages : jeunes, femmes, seniors")
    ] = "",
    slot: Annotated[
        str, typer.Option("--creneau", help="une demi-journée, par exemple « mercredi matin »")
    ] = "",
    unvisited: Annotated[
        int | None,
        typer.Option(ALONE, min=0, help="lieux sans passage depuis N semaines (réglages)"),
    ] = None,
    as_json: AsJson = False,
    seed: Seed = None,
) -> int:
    """Liste les zones peu couvertes, dans l'ordre, avec leurs raisons ; ou ce qui attend."""
    return do("work.zones", folder, cohort, slot, unvisited, seed, as_json=as_json)


@app.command()
def week(
    folder: Folder,
    which: Annotated[str, typer.Argument(metavar="[SEMAINE]", help="par exemple 2026-W48")] = "",
    as_json: AsJson = False,
    seed: Seed = None,
) -> int:
    """Prépare la semaine et écrit carte, fiches, agenda, traces et classeur."""
    return do("work.week", folder, which, seed, as_json=as_json)


@app.command()
def network(folder: Folder, as_json: AsJson = False) -> int:
    """Contrôle le réseau piéton : morceaux séparés, traversées manquantes, impasses, trous."""
    return do("network.network", folder, as_json=as_json)


app.add_typer(weekly)
app.add_typer(siting)


@app.command()
def sectors(
    folder: Folder,
    absent: Annotated[
        str, typer.Option("--absent", metavar="CODE", help="sans ces personnes (codes)")
    ] = "",
    posts: Annotated[int, typer.Option("--posts", metavar="N", help="avec N postes")] = 0,
    compare: Annotated[
        bool, typer.Option("--compare", help="compare d'autres organisations, jusqu'à 8 postes")
    ] = False,
    as_json: AsJson = False,
    seed: Seed = None,
) -> int:
    """Propose qui couvre quoi, ce qui change de mains ; absence, poste de plus, comparaison."""
    return do("sectors.sectors", folder, absent, posts, compare, seed, as_json=as_json)


@app.command()
def demo(
    folder: Annotated[Path, typer.Argument(metavar="[DOSSIER]")] = Path(),
    as_json: AsJson = False,
    seed: Seed = None,
) -> int:
    """Fait tout sur la ville fictive du dossier et raconte ce qui a été trouvé."""
    return do("work.demo", folder, seed, as_json=as_json)


@app.command()
def partners(
    folder: Folder,
    contacts: Annotated[
        bool, typer.Option("--contacts-pro", help="écrit aussi courriels et numéros d'accueil")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Compte les structures recensées, contactées, rencontrées ; à relancer ; employeurs."""
    return do("partners.partners", folder, contacts, as_json=as_json)


@app.command()
def duplicates(
    folder: Folder,
    threshold: Annotated[float, typer.Option("--seuil", min=0, max=1, help="score, 0 à 1")] = 0.85,
    merge: Annotated[bool, typer.Option("--fusionner", help="réunit les lieux proposés")] = False,
    as_json: AsJson = False,
) -> int:
    """Propose les lieux écrits deux fois, avec un score et des raisons ; ne réunit que demandé."""
    return do("partners.duplicates", folder, threshold, merge, as_json=as_json)


@app.command()
def geocode(
    folder: Folder,
    online: Annotated[
        bool, typer.Option("--en-ligne", help="demande aussi au service officiel (IGN)")
    ] = False,
    corrections: Annotated[
        Path | None, typer.Option("--corrections", help="liste des adresses, points remplis")
    ] = None,
    service: Annotated[str, typer.Option("--service", hidden=True)] = "",
    as_json: AsJson = False,
) -> int:
    """Place les lieux d'après leur adresse (fichier BAN déjà là) et liste ceux à vérifier."""
    given = [service] if service else []
    return do("addresses.geocode", folder, online, corrections, *given, as_json=as_json)


@app.command("privacy-check")
def privacy_check(
    files: Annotated[list[Path], typer.Argument(metavar="FICHIER...", help="fichiers à examiner")],
    as_json: AsJson = False,
) -> int:
    """Dit ce qui serait refusé ou laissé de côté dans un fichier, sans l'importer."""
    return do("privacy.privacy_check", files, as_json=as_json)


@app.command()
def purge(
    folder: Folder,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="montre sans rien écrire")] = False,
    as_json: AsJson = False,
) -> int:
    """Efface les lignes détaillées au bout de leur durée de conservation (24 mois révolus)."""
    return do("privacy.purge", folder, dry_run, as_json=as_json)


@app.command()
def export(
    folder: Folder,
    _public: Annotated[bool, typer.Option("--public", help="pour le dehors (toujours)")] = True,
    zoning: Annotated[str, typer.Option("--zonage", help="commune, qpv ou carreau")] = "commune",
    period: Annotated[str, typer.Option("--periode", help="mois, semaine ou annee")] = "",
    extra: Annotated[str, typer.Option("--avec", help="habitants,taux")] = "",
    k: Annotated[int, typer.Option("--seuil", help="plus petit effectif publié")] = 11,
    as_json: AsJson = False,
) -> int:
    """Écrit un tableau publiable, petits effectifs masqués, comparé à ce qui est déjà publié."""
    return do("export.export", folder, zoning, period, extra, k, as_json=as_json)


@app.command()
def residence(folder: Folder, as_json: AsJson = False) -> int:
    """Compte les activités par classe de quartier : QPV, QVA, grande proximité, autre, inconnue."""
    return do("residence.residence", folder, as_json=as_json)


@app.command()
def report(
    folder: Folder,
    span: Annotated[
        str, typer.Argument(metavar="[PÉRIODE]", help="2026, 2026-S1 ou lancement")
    ] = "",
    profile: Annotated[
        str, typer.Option("--profil", help="celui des réglages, ou un fichier TOML du dossier")
    ] = "",
    team: Annotated[
        bool, typer.Option("--equipe", help="sans masquer les petits effectifs")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Écrit le bilan d'une période : PDF, texte, tableur, et ce qu'il faut savoir en le lisant."""
    return do("report.report", folder, span, profile, team, as_json=as_json)


@app.command()
def transit(
    folder: Folder,
    place: Annotated[str, typer.Argument(metavar="LIEU", help="identifiant ou nom d'un lieu")],
    to: Annotated[str, typer.Argument(metavar="[ARRIVÉE]", help="lieu où aller")] = "",
    period: Annotated[
        str, typer.Option("--periode", help="matin, midi, après-midi ou soir")
    ] = "matin",
    day: Annotated[str, typer.Option("--jour", help="ouvré, samedi ou dimanche")] = "ouvré",
    as_json: AsJson = False,
) -> int:
    """Dit le trajet habituel entre deux lieux en transports, ou qui peut venir à un lieu."""
    return do("transit.transit", folder, place, to, period, day, as_json=as_json)


@app.command()
def template(
    path: Annotated[Path, typer.Argument(metavar="FICHIER.xlsx", help="classeur à écrire")],
    as_json: AsJson = False,
) -> int:
    """Écrit le classeur vide à remplir : feuilles, listes déroulantes, exemples, mode d'emploi."""
    return do("forms.template", path, as_json=as_json)


@app.command()
def fetch(
    folder: Folder,
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="[SOURCE...]", help="toutes par défaut")
    ] = None,
    given: Annotated[
        Path | None, typer.Option("--from", help="dossier de fichiers déjà téléchargés")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="montre sans rien contacter")] = False,
    listing: Annotated[bool, typer.Option("--liste", help="liste les sources")] = False,
    as_json: AsJson = False,
) -> int:
    """Télécharge les données officielles, les vérifie et les découpe au territoire."""
    if listing:
        return do("fetching.source_list", as_json=as_json)
    return do("fetching.fetch", folder, sources or [], given, dry_run, as_json=as_json)


app.add_typer(exchanging)
app.add_typer(many)
app.add_typer(pages)
app.add_typer(store, name="store")


@app.command()
def journal(folder: Folder, as_json: AsJson = False) -> int:
    """Montre les dernières commandes du dossier : fichiers lus, lignes refusées, écrits."""
    return do("audit.journal", folder, as_json=as_json)


def main() -> None:
    """Run the command line of this process and leave with its exit code."""
    gc.set_threshold(_NEW_OBJECTS)
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code, 0 to 3; a failure is a French sentence."""
    command = typer.main.get_command(app)
    words, journal = _numbered(arguments) or ["--help"], Path("territory-erreur.txt")
    return run_in_french(
        lambda: command.main(args=words, prog_name="territory", standalone_mode=False), journal
    )


def _numbered(words: list[str]) -> list[str]:
    """Return the words with 0 after an option left without its number."""
    given: list[str] = []
    for word, after in zip(words, [*words, ""][1:], strict=True):
        given += [word, "0"] if word == ALONE and not after.lstrip("-").isdigit() else [word]
    return given
