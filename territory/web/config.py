"""How the pages are served: which folder, for one person or a team, and the limits kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_MEGA = 1024 * 1024


@dataclass(frozen=True, slots=True)
class WebConfig:
    """
    Settings of one server.

    Without `team` there are no accounts: whoever sits at this machine does everything, and only
    this machine is answered. `database_url` is that of SQLAlchemy; "" stands for a SQLite file in
    the folder. `hosts` are the names of the server in addresses, without port; `secure` cookies
    travel by HTTPS only.
    """

    folder: Path
    team: bool = False
    database_url: str = ""
    hosts: tuple[str, ...] = LOOPBACK
    secure: bool = False
    upload_bytes: int = 50 * _MEGA
    idle_min: int = 60
    session_h: int = 12
    workers: int = 1
    language: str = field(default="fr")
