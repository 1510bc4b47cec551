"""Small territories, their list, and what is read of a store to compare two of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from territory.batch.catalogue import entries_of, parts_of, publish, read_catalogue
from territory.batch.dataset import read_kind
from territory.batch.listing import Listed
from territory.batch.work import Outcome, Task, work_on
from tests.batch.stand_in import QuickCraft

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from territory.batch.store import Store

COST = ["computed", "seconds", "cpu_seconds", "peak_bytes"]
AT = "2026-11-01T00:00:00+00:00"


def territory(folder: Path, name: str, said: str = "") -> Listed:
    """Make a territory folder; `said` is the name in its settings (its own by default)."""
    (folder / name / "data" / "raw").mkdir(parents=True, exist_ok=True)
    text = f'[territoire]\nnom = "{said or name}"\ncommunes = ["00101"]\n'
    text += "date_reference = 2026-10-31\ngraine = 1\n"
    (folder / name / "territory.toml").write_text(text, encoding="utf-8")
    return Listed(name, str(folder / name), "93", "est")


def many(folder: Path, count: int) -> list[Listed]:
    return [territory(folder, f"ville-{n:02d}") for n in range(count)]


def tasks(listed: Iterable[Listed], store: str) -> list[Task]:
    return [Task(one, store, craft=QuickCraft) for one in listed]


def worked(listed: Iterable[Listed], store: Store, scratch: Path) -> list[Outcome]:
    """Work on each territory in this process, then write the catalogue."""
    all_of_them = list(listed)
    found = [work_on(task, store, scratch) for task in tasks(all_of_them, store.address)]
    publish(store, all_of_them, AT)
    return found


def counted(store: Store) -> dict[str, list[list[object]]]:
    """Return what a reader counts: the rows of each kind, but for what a run costs."""
    found = {}
    for kind in ("territoires", "indicators"):
        table = read_kind(store, kind).drop(columns=COST, errors="ignore")
        ordered = table.astype("object").where(table.notna(), None).to_numpy().tolist()
        found[kind] = sorted(ordered, key=str)
    return found


def told(store: Store) -> list[object]:
    """Return catalogue and entries without hours nor what a run costs."""
    plain = []
    for entry in (*read_catalogue(store), *entries_of(store)):
        result = entry.result
        kept = result and replace(
            result, at="", parts={k: p for k, p in result.parts.items() if k != "territoires"}
        )
        plain.append(replace(entry, at="", result=kept))
    return plain


def pieces(store: Store) -> set[str]:
    return {piece.path for kind in ("territoires", "indicators")
            for piece in parts_of(read_catalogue(store), kind)}  # fmt: skip
