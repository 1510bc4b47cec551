"""The week: read, refused a change, planned again, signed; one not planned yet."""

from __future__ import annotations

from scripts.page_states.stage import WEEK as SHOWN
from scripts.page_states.stage import Scene, Stage, State, copied, page

PAGE = f"/semaine/{SHOWN}"


def _outing(scene: Scene) -> None:
    scene.go(PAGE)
    scene.page.locator(f"main a[href^='{PAGE}/sorties/']").first.click()
    scene.ready()


def _unknown_place(scene: Scene) -> None:
    scene.go(PAGE)
    scene.unfold("Exclure un lieu")
    scene.page.locator("#e-cible").fill("Un lieu qui n’existe pas")
    scene.press("Exclure")


def _planning(scene: Scene) -> None:
    scene.go(PAGE)
    scene.unfold("Noter une absence")
    scene.press("Noter l’absence")
    scene.page.locator(".job progress").wait_for()


def _changed(scene: Scene) -> None:
    scene.see("Ce qui a changé depuis le plan d’avant")


def _signed(scene: Scene) -> None:
    scene.press("Signer la semaine")
    scene.see("Semaine signée")
    scene.quiet()
    scene.go(PAGE)


WEEK = Stage(
    "La semaine",
    copied,
    (
        State(
            "semaine",
            "Qui va où, demi-journée par demi-journée, et ce qui n’a pas été retenu.",
            page(PAGE),
            phone=True,
        ),
        State(
            "sortie",
            "Une sortie : pourquoi, l’ordre des arrêts, quoi dire, les fichiers.",
            _outing,
            drawn=True,
        ),
        State(
            "semaine_refus",
            "Un changement impossible est dit ; ce qui était écrit reste.",
            _unknown_place,
            422,
        ),
        State("semaine_en_calcul", "Une absence notée : le plan est refait aussitôt.", _planning),
        State(
            "semaine_changee", "Le nouveau plan, et ce qui a changé depuis celui d’avant.", _changed
        ),
        State("semaine_signee", "La semaine signée : c’est le plan que l’équipe tient.", _signed),
        State(
            "semaine_non_preparee",
            "Une semaine qui n’est pas encore préparée.",
            page("/semaine/2026-W46"),
        ),
    ),
)
