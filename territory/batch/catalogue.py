"""What a store holds: one entry a territory, and the catalogue of all, which alone is believed."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from territory.batch.kinds import KINDS
from territory.model.jsonable import from_json, to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from territory.batch.listing import Listed
    from territory.batch.store import Store

FORMAT = 1
CATALOGUE, TABLE, ENTRIES = "catalogue.json", "catalogue.parquet", "etats"
DONE, FAILED, ABSENT = "done", "failed", "absent"
NEVER = "Jamais calculé."


@dataclass(frozen=True, slots=True)
class Piece:
    """One file of the dataset: where it is in the store, its SHA-256, its rows."""

    path: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class Result:
    """
    What a territory computed once: what it rests on, the hash of its products, its files.

    `rests_on` is the hash of all that decides the result; `products` the SHA-256 of each file of
    its products by path inside them; `parts` its pieces of the dataset by kind; `at` when, UTC.
    """

    rests_on: str
    digest: str
    version: str
    at: str
    parts: dict[str, Piece]
    products: dict[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """
    Where a territory stands: done, failed or absent, and how it ended (`ending`).

    A territory that failed has no `result`: nothing of it is counted. `former` is its last result,
    kept to be taken again as it is when its files become what they were. `sentence` tells in French
    what happened, `at` when (UTC), `step` where it stopped.
    """

    name: str
    department: str
    network: str
    state: str
    ending: str
    at: str
    sentence: str = ""
    step: str = ""
    result: Result | None = None
    former: Result | None = None


def entry_of(store: Store, name: str) -> Entry | None:
    """Return the entry of a territory, None without one or when it is damaged."""
    content = store.read(_path(name))
    return None if content is None else _parsed(content)


def write_entry(store: Store, entry: Entry) -> Entry:
    """Write the entry of a territory, whole, and return it. Raises OSError."""
    store.write(_path(entry.name), _json(to_json(entry)))
    return entry


def entries_of(store: Store) -> tuple[Entry, ...]:
    """Return the entries of the store by name; damaged ones are left out, to be computed again."""
    contents = store.read_all(store.names(ENTRIES))
    found = (_parsed(content) for content in contents.values())
    return tuple(sorted(filter(None, found), key=lambda entry: entry.name))


def publish(store: Store, listed: Iterable[Listed], at: str) -> tuple[Entry, ...]:
    """
    Write the catalogue from the entries, those `listed` without one being absent; return it.

    The table first, the JSON last; again when another batch wrote an entry meanwhile, so that the
    catalogue written last tells all of them. Nothing is written when nothing changed: same entries,
    same bytes. Raises OSError.
    """
    asked, entries = tuple(listed), entries_of(store)
    while True:
        found = _with_absent(store, entries, asked, at)
        content = _json({"format": FORMAT, "territoires": [to_json(_shown(e)) for e in found]})
        if store.read(CATALOGUE) != content or store.read(TABLE) is None:
            store.write(TABLE, _table(found))
            store.write(CATALOGUE, content)
        before, entries = entries, entries_of(store)
        if entries == before:
            return found


def _with_absent(
    store: Store, entries: Iterable[Entry], listed: Iterable[Listed], at: str
) -> tuple[Entry, ...]:
    """Return the entries by name, with those listed that have none, absent since the first time."""
    found = {entry.name: entry for entry in entries}
    former = {e.name: e for e in read_catalogue(store) if e.state == ABSENT and e.name not in found}
    for one in listed:
        absent = Entry(one.name, one.department, one.network, ABSENT, ABSENT, at, NEVER)
        old = former.get(one.name, absent)
        found.setdefault(one.name, absent if replace(absent, at=old.at) != old else old)
    return tuple(found[name] for name in sorted(found))


def _shown(entry: Entry) -> Entry:
    """Return what readers need of an entry: neither its products nor its former result."""
    result = entry.result and replace(entry.result, products={})
    return replace(entry, result=result, former=None)


def read_catalogue(store: Store) -> tuple[Entry, ...]:
    """Return the entries of the catalogue by name; none before the first batch."""
    content = store.read(CATALOGUE)
    if content is None:
        return ()
    try:
        rows = json.loads(content)["territoires"]
        return tuple(from_json(Entry, row) for row in rows)
    except (ValueError, KeyError, TypeError):
        return ()  # written again from the entries


def parts_of(entries: Iterable[Entry], kind: str) -> tuple[Piece, ...]:
    """Return the pieces of one kind of the dataset that may be counted, in the order given."""
    results = (entry.result for entry in entries if entry.state == DONE)
    return tuple(result.parts[kind] for result in results if result and kind in result.parts)


def used_paths(entries: Iterable[Entry]) -> frozenset[str]:
    """Return the files of the dataset that an entry still names, former results included."""
    results = [result for entry in entries for result in (entry.result, entry.former) if result]
    return frozenset(piece.path for result in results for piece in result.parts.values())


def _path(name: str) -> str:
    return f"{ENTRIES}/{name}.json"


def _parsed(content: bytes) -> Entry | None:
    try:
        return from_json(Entry, json.loads(content))
    except (ValueError, TypeError):
        return None


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _table(entries: Iterable[Entry]) -> bytes:
    """Return the catalogue as a table: one line a territory, a path and a hash for each kind."""
    table = pd.DataFrame([_row(entry) for entry in entries], columns=_columns())
    counts = {name: "Int64" for name in table if str(name).startswith("rows_")}
    texts = {name: "string" for name in table if name not in counts}
    buffer = io.BytesIO()
    table.astype(texts | counts).to_parquet(buffer, index=False, compression="zstd")
    return buffer.getvalue()


_PLAIN = ("territoire", "departement", "reseau", "state", "ending", "sentence", "step", "at")


def _columns() -> list[str]:
    own = ("digest", "version")
    return [*_PLAIN, *own, *(f"{n}_{kind}" for kind in KINDS for n in ("path", "sha256", "rows"))]


def _row(entry: Entry) -> Mapping[str, Any]:
    plain = (entry.name, entry.department, entry.network or None, entry.state, entry.ending,
             entry.sentence or None, entry.step or None, entry.at)  # fmt: skip
    row: dict[str, Any] = dict(zip(_PLAIN, plain, strict=True))
    if entry.result is None:
        return row
    row |= {"digest": entry.result.digest, "version": entry.result.version}
    for kind, piece in entry.result.parts.items():
        row |= {f"path_{kind}": piece.path, f"sha256_{kind}": piece.sha256}
        row[f"rows_{kind}"] = piece.rows
    return row
