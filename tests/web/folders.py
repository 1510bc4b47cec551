"""Folders and servers of the tests of the door: cheap hashes, a clock that is set by hand."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from territory.web.config import HashCost, WebConfig

ROOT = Path(__file__).resolve().parents[2]
CHEAP = HashCost(passes=1, memory_kib=8, lanes=1)
START_S = 1_795_000_000.0  # in November 2026


@dataclass
class HandClock:
    """A clock that stands still until told."""

    now: float = START_S

    def __call__(self) -> float:
        return self.now


def bare_folder(folder: Path) -> Path:
    """Return a territory with its settings only: enough for the door."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "territory.toml", folder)
    return folder


def team_config(folder: Path, clock: HandClock, url: str = "", **more: object) -> WebConfig:
    return WebConfig(
        folder, team=True, database_url=url, hash_cost=CHEAP, clock=clock,
        **more,  # type: ignore[arg-type]
    )  # fmt: skip
