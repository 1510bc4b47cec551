"""A team with accounts: signing in, passwords, roles, accounts, journal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scripts.page_states.stage import Scene, Stage, State, copied, page
from territory.web.rights import Role

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from territory.web.config import WebConfig

_CHOSEN = "trois renards au bord"


def _team(town: Path, folder: Path) -> WebConfig:
    return replace(copied(town, folder), team=True)


def _door(scene: Scene) -> None:
    accounts = scene.office.store.accounts
    for code, role in (("D1", Role.MANAGER), ("C1", Role.COORDINATOR), ("M1", Role.MEDIATOR)):
        scene.drawn[code] = accounts.create(code, role)
    scene.go("/")


def _typed(scene: Scene, code: str, password: str) -> None:
    scene.page.get_by_label("Code ou initiales").fill(code)
    scene.page.get_by_label("Mot de passe").fill(password)
    scene.press("Se connecter")


def _wrong(scene: Scene) -> None:
    _typed(scene, "M1", "ce n’est pas le bon")


def _first_time(scene: Scene) -> None:
    scene.go("/connexion")
    _typed(scene, "M1", scene.drawn["M1"])


def _changed_to(scene: Scene, former: str, chosen: str, again: str) -> None:
    scene.page.locator("#actuel").fill(former)
    scene.page.locator("#nouveau").fill(chosen)
    scene.page.locator("#encore").fill(again)
    scene.press("Changer")


def _not_twice(scene: Scene) -> None:
    _changed_to(scene, scene.drawn["M1"], _CHOSEN, _CHOSEN + "s")


def _own(scene: Scene) -> None:
    _changed_to(scene, scene.drawn["M1"], _CHOSEN, _CHOSEN)


def _signed_in(code: str, then: str) -> Callable[[Scene], None]:
    def enter(scene: Scene) -> None:
        scene.press("Se déconnecter")
        _typed(scene, code, scene.drawn[code])
        _changed_to(scene, scene.drawn[code], _CHOSEN, _CHOSEN)
        scene.go(then)

    return enter


def _newcomer(code: str) -> Callable[[Scene], None]:
    def add(scene: Scene) -> None:
        scene.page.locator("#code").fill(code)
        scene.press("Ajouter")

    return add


TEAM = Stage(
    "Une équipe, avec des comptes",
    _team,
    (
        State("connexion", "La connexion : un code, un mot de passe.", _door, phone=True),
        State(
            "connexion_refusee",
            "Un mot de passe faux : la même réponse que pour un code inconnu.",
            _wrong,
            401,
        ),
        State(
            "compte_a_changer",
            "Le premier mot de passe doit être changé avant tout le reste.",
            _first_time,
        ),
        State(
            "compte_refuse", "Deux mots de passe différents : rien n’est changé.", _not_twice, 422
        ),
        State("compte", "Le mot de passe est changé.", _own),
        State(
            "accueil_mediation",
            "L’accueil d’une personne de la médiation : ni réglages, ni envoi.",
            page("/"),
        ),
        State("interdit", "La page d’un autre rôle.", page("/reglages"), 403),
        State("accueil_coordination", "L’accueil de la coordination.", _signed_in("C1", "/")),
        State(
            "comptes",
            "Les comptes de l’équipe, tenus par la direction.",
            _signed_in("D1", "/comptes"),
        ),
        State(
            "comptes_refus", "Un nom à la place d’un code est refusé.", _newcomer("Nathalie"), 422
        ),
        State(
            "comptes_nouveau",
            "Un compte ajouté : son mot de passe est montré cette seule fois.",
            _newcomer("M7"),
        ),
        State("journal_equipe", "Le journal de l’équipe.", page("/journal")),
    ),
)
