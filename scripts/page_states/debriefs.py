"""The debriefs of outings: awaited, typed in a line or by taps, refused, kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scripts.page_states.stage import Scene, Stage, State, copied, page

if TYPE_CHECKING:
    from pathlib import Path

    from territory.web.config import WebConfig

_BEFORE, _LATER = "date_reference = 2026-10-31", "date_reference = 2026-11-05"


def _later(town: Path, folder: Path) -> WebConfig:
    """Copy the town and let days pass: sheets of the week wait for their debrief."""
    config = copied(town, folder)
    settings = folder / "territory.toml"
    settings.write_text(settings.read_text("utf-8").replace(_BEFORE, _LATER), "utf-8")
    return config


def _code(scene: Scene) -> str:
    scene.go("/saisie")
    return str(scene.page.locator(".sheets a").first.get_attribute("href")).rpartition("/")[2]


def _line(numbers: str, told: str) -> object:
    def typed(scene: Scene) -> None:
        code = _code(scene)
        scene.page.locator("#ligne").fill(f"{code} {numbers}")
        scene.see(told)

    return typed


def _sheet(scene: Scene) -> None:
    code = _code(scene)
    scene.page.locator(f".sheets a[href$='{code}']").click()
    scene.ready()


def _impossible(scene: Scene) -> None:
    _sheet(scene)
    scene.page.locator("#n-I").fill("3")
    scene.page.get_by_label("est annulée").check()
    scene.page.locator("main form button:not([type=button])").last.click()
    scene.ready()


def _kept(scene: Scene) -> None:
    scene.page.get_by_label("a eu lieu").check()
    scene.page.locator("#n-I").fill("12")
    scene.page.locator("main form button:not([type=button])").last.click()
    scene.see("C’est noté.")


DEBRIEFS = Stage(
    "La saisie des retours",
    _later,
    (
        State("saisie", "Les fiches qui attendent un retour.", page("/saisie"), phone=True),
        State(
            "saisie_ligne_lue",
            "Une ligne tapée, redite en français avant d’être gardée.",
            _line("I12 A3 F7 H5 pluie", "Compris"),
            phone=True,
        ),
        State(
            "saisie_ligne_refusee",
            "Une ligne qui ne veut rien dire : ce qui ne va pas est dit.",
            _line("Z9", "Rien n’est gardé"),
        ),
        State("saisie_fiche", "Le retour d’une sortie, en quelques touches.", _sheet, phone=True),
        State(
            "saisie_fiche_refusee",
            "Des personnes informées à une sortie annulée : rien n’est gardé.",
            _impossible,
            422,
        ),
        State(
            "saisie_gardee", "Le retour gardé, redit en une phrase ; il peut être corrigé.", _kept
        ),
    ),
)
