"""The first steps, from an empty folder to the computation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.page_states.stage import NEW_DAY, Scene, Stage, State, page
from territory.web.config import WebConfig

if TYPE_CHECKING:
    from pathlib import Path

_TEAM = ("suivi_aller_vers.xlsx", "partenaires.csv")
_APART = frozenset({"README.md", "manifeste.json", "verite_plantee.json"})


def _empty(_town: Path, folder: Path) -> WebConfig:
    folder.mkdir(parents=True)
    return WebConfig(folder)


def _wrong_code(scene: Scene) -> None:
    scene.page.get_by_label("Nom du territoire").fill("Valfictif et alentours")
    scene.page.get_by_label("Codes Insee").fill("0010")
    scene.press("Créer le territoire")


def _founded(scene: Scene) -> None:
    scene.page.get_by_label("Codes Insee").fill("00101, 00102, 00103")
    scene.press("Créer le territoire")
    settings = scene.folder / "territory.toml"  # the day of the fictional town, never today
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace(NEW_DAY, NEW_DAY.removeprefix("# ")), encoding="utf-8")
    scene.go("/premiers-pas")


def _public_read(scene: Scene) -> None:
    sent = sorted(scene.town.joinpath("data", "raw").iterdir())
    scene.send(*(p for p in sent if p.name not in _APART and p.name not in _TEAM))
    scene.see("Garder tous les fichiers lus")


def _public_kept(scene: Scene) -> None:
    scene.press("Garder tous les fichiers lus")
    scene.go("/premiers-pas")


def _team_kept(scene: Scene) -> None:
    scene.send(*(scene.town / "data" / "raw" / name for name in _TEAM))
    scene.see("Garder tous les fichiers lus")
    scene.press("Garder tous les fichiers lus")
    scene.go("/premiers-pas")


def _computing(scene: Scene) -> None:
    scene.go("/premiers-pas")
    scene.press("Tout calculer")
    scene.page.locator(".job progress[value]").wait_for()


def _stopped(scene: Scene) -> None:
    scene.press("Arrêter")
    scene.see("Arrêté à la demande")


FIRST_RUN = Stage(
    "Premiers pas, d’un dossier vide au premier calcul",
    _empty,
    (
        State("premiers_pas_vide", "Un dossier vide : la première des cinq étapes.", page("/")),
        State(
            "premiers_pas_code_refuse",
            "Un code de commune impossible est dit, et ce qui était écrit reste.",
            _wrong_code,
            422,
        ),
        State(
            "premiers_pas_territoire",
            "Le territoire est créé ; ce qui manque est dit, avec où le trouver.",
            _founded,
        ),
        State(
            "premiers_pas_lecture",
            "Les fichiers envoyés sont racontés avant d’être gardés.",
            _public_read,
        ),
        State(
            "premiers_pas_donnees",
            "Les données publiques sont là ; il manque celles de l’équipe.",
            _public_kept,
        ),
        State(
            "premiers_pas_equipe",
            "Tout ce qui est nécessaire est reçu : le calcul peut partir.",
            _team_kept,
        ),
        State("accueil_avant_calcul", "L’accueil avant le premier calcul.", page("/")),
        State(
            "page_avant_calcul",
            "Une page avant le premier calcul dit où le lancer.",
            page("/zones"),
        ),
        State(
            "premiers_pas_calcul",
            "Le calcul est en cours : l’étape, l’avancement, et de quoi l’arrêter.",
            _computing,
        ),
        State(
            "premiers_pas_arrete",
            "Le calcul arrêté à la demande : rien n’est à moitié écrit.",
            _stopped,
        ),
    ),
)
