"""An account made on the command line: the first one, before anybody can sign in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.commands.answer import Answer
from territory.errors import WrongUsage
from territory.settings import read_settings
from territory.web.accounts import code_of
from territory.web.config import WebConfig
from territory.web.rights import Role
from territory.web.store import open_store

if TYPE_CHECKING:
    from pathlib import Path


def account(
    folder: Path, code: str, role: str, password: str = "", base: str = "", *, anew: bool = False
) -> Answer:
    """
    Make an account in the base of `folder`, or in `base`; a password drawn is in the answer, once.

    `anew` draws another password for an account that is there, whose sessions end. Raises
    WrongUsage (French) for an unknown role, a name in place of a code, a code taken or unknown, a
    weak password or a base that does not answer; as `read_settings` when `folder` is no territory.
    """
    if role not in set(Role):
        raise WrongUsage(f"Le rôle « {role} » n'existe pas. Rôles : {', '.join(Role)}.")
    read_settings(folder)
    store = open_store(WebConfig(folder, team=True, database_url=base))
    try:
        keep = store.accounts
        given = keep.reset(code) if anew else keep.create(code, Role(role), password)
    finally:
        store.engine.dispose()
    done = "mot de passe renouvelé" if anew else f"créé, rôle {role}"
    lines = [f"Compte {code_of(code)} : {done}."]
    if anew or not password:
        lines += [
            f"Mot de passe, montré cette seule fois : {given}",
            "Il devra être changé à la première connexion.",
        ]
    return Answer({"compte": code_of(code)}, lines)


def check_somebody_keeps_accounts(config: WebConfig) -> None:
    """Check that a team has somebody who can open the accounts page; raises WrongUsage (French)."""
    if not config.team:
        return
    store = open_store(config)
    try:
        able = [a for a in store.accounts.listed() if a.active and a.role == Role.MANAGER]
    finally:
        store.engine.dispose()
    if not able:
        raise WrongUsage(
            "Aucun compte de direction n'est ouvert. Faites le premier : "
            f"territory account {config.folder} CODE --role {Role.MANAGER.value}"
        )
