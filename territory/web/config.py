"""How the pages are served: which folder, for one person or a team, and the limits kept."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from territory.errors import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_ANY = ("0.0.0.0", "::", "")  # noqa: S104 - every card of the machine
_MEGA = 1024 * 1024


@dataclass(frozen=True, slots=True)
class HashCost:
    """What one argon2id hash of a password costs (the least of OWASP's password sheet)."""

    passes: int = 2
    memory_kib: int = 19 * 1024
    lanes: int = 1


@dataclass(frozen=True, slots=True)
class WebConfig:
    """
    Settings of one server.

    Without `team` there are no accounts: whoever sits at this machine does everything, and only
    this machine is answered. `database_url` is that of SQLAlchemy; "" stands for a SQLite file in
    the folder. `hosts` are the names of the server in addresses, without port; `secure` cookies
    travel by HTTPS only. Files sent weigh `upload_bytes` at most, other forms `form_bytes`. A
    session ends after `idle_min` without a page and after `session_h` in all. A login has
    `tries_login` wrong passwords in `tries_min`, an address `tries_address`. `clock` tells the
    seconds since 1970 (UTC).
    """

    folder: Path
    team: bool = False
    database_url: str = ""
    hosts: tuple[str, ...] = LOOPBACK
    secure: bool = False
    upload_bytes: int = 50 * _MEGA
    form_bytes: int = _MEGA
    idle_min: int = 60
    session_h: int = 12
    tries_login: int = 10
    tries_address: int = 60
    tries_min: int = 15
    journal_days: int = 365
    workers: int = 1
    language: str = "fr"
    hash_cost: HashCost = field(default_factory=HashCost)
    clock: Callable[[], float] = time.time


def is_loopback(address: str) -> bool:
    """Return whether only this machine can reach `address`."""
    return address in {*LOOPBACK, "::1"} or address.startswith("127.")


def hosts_for(address: str, named: str = "") -> tuple[str, ...]:
    """Return the names answered by a server bound to `address`; `named` holds more, by commas."""
    more = [name.strip().lower() for name in named.split(",") if name.strip()]
    own = [] if address in _ANY or is_loopback(address) else [_bracketed(address)]
    return tuple(dict.fromkeys((*LOOPBACK, *own, *more)))


def check_address(config: WebConfig, address: str) -> str:
    """
    Return what must be said before answering at `address`, "" for nothing.

    Raises WrongUsage (French) when others could reach pages without accounts.
    """
    if is_loopback(address):
        return ""
    if not config.team:
        raise WrongUsage(
            f"Sans comptes, les pages ne s'ouvrent que sur cette machine, pas à l'adresse "
            f"« {address} ». Ajoutez --equipe pour servir une équipe."
        )
    if config.secure:
        return ""
    return (
        "Attention : sans HTTPS, les mots de passe passent en clair sur le réseau. "
        "Placez un serveur mandataire devant et ajoutez --https (voir docs/serveur.md)."
    )


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address
