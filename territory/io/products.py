"""
Numbered products of data/processed: tables and facts with a manifest, written all or nothing.

A manifest holds the version, the settings used, the hash of every input and of every file written:
a step whose fingerprint is unchanged is not computed again, and every figure can be traced.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from territory import __version__
from territory.errors import UnreadableFile
from territory.io.atomic import new_folder, recover, write_json
from territory.io.hashing import file_sha256, value_sha256

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

Computed: TypeAlias = (
    "tuple[Mapping[str, pd.DataFrame], Mapping[str, Any]]"
    " | tuple[Mapping[str, pd.DataFrame], Mapping[str, Any], Mapping[str, NDArray[np.generic]]]"
)
MANIFEST = "manifeste.json"
FACTS = "faits.json"
_SUFFIX, _ARRAY = ".parquet", ".npy"


@dataclass(frozen=True, slots=True)
class Product:
    """
    One step's output: `tables` by name, JSON `facts`, and the hash that others depend on.

    `arrays` by name, [whatever was stored], are read by memory map: changing one in memory leaves
    its file as it is.
    """

    name: str
    tables: Mapping[str, pd.DataFrame]
    facts: Mapping[str, Any]
    digest: str
    arrays: Mapping[str, NDArray[np.generic]] = field(default_factory=dict)


def fingerprint(name: str, settings: object, inputs: Mapping[str, str]) -> str:
    """Return the hash of all that decides a step's result: version, settings, input hashes."""
    return value_sha256(
        {"name": name, "version": __version__, "settings": settings, "inputs": dict(inputs)}
    )


def read_product(folder: Path, name: str, expected: str | None = None) -> Product | None:
    """
    Return the product `name` of `folder`, or None when absent, damaged or of another fingerprint.

    With `expected` None any complete product is returned. A file whose hash differs from the
    manifest counts as damage: the step is computed again rather than trusted.
    """
    target = folder / name
    recover(target)
    manifest = _manifest(target)
    if manifest is None or (expected is not None and manifest["fingerprint"] != expected):
        return None
    if any(_hash(target / n) != h for n, h in manifest["files"].items()):
        return None
    tables = {n: _read_table(target / f"{n}{_SUFFIX}") for n in manifest["tables"]}
    facts = json.loads((target / FACTS).read_text(encoding="utf-8"))
    arrays = {n: _mapped(target / f"{n}{_ARRAY}") for n in manifest.get("arrays", ())}
    return Product(name, tables, facts, value_sha256(manifest["files"]), arrays)


def open_product(folder: Path, name: str) -> Product | None:
    """
    Return the product `name` of `folder` with tables read at first use; None when not there.

    What pages show: quick to open, whatever its size. A table whose hash is not that of the
    manifest raises UnreadableFile when it is read.
    """
    target = folder / name
    recover(target)
    manifest = _manifest(target)
    if manifest is None or _hash(target / FACTS) != manifest["files"].get(FACTS):
        return None
    facts = json.loads((target / FACTS).read_text(encoding="utf-8"))
    tables = _Tables(target, manifest)
    return Product(name, tables, facts, value_sha256(manifest["files"]))


class _Tables(Mapping[str, pd.DataFrame]):
    """The tables of a product by name, each read and compared with its hash at first use."""

    def __init__(self, target: Path, manifest: Mapping[str, Any]) -> None:
        self._target, self._files = target, manifest["files"]
        self._names: tuple[str, ...] = tuple(manifest["tables"])
        self._read: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._read:
            path = self._target / f"{name}{_SUFFIX}"
            if _hash(path) != self._files.get(path.name):
                raise UnreadableFile(
                    f"Le produit « {self._target.name} » est abîmé : relancez le calcul."
                )
            self._read[name] = _read_table(path)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def write_product(
    folder: Path,
    product: Product,
    *,
    settings: object,
    inputs: Mapping[str, str],
) -> Product:
    """
    Write `product` with its manifest, all or nothing, and return it as it reads back.

    What later steps see is thus the same whether this step was just computed or read from disk.
    Raises OSError when it cannot be written, UnreadableFile when it does not read back.
    """
    with new_folder(folder / product.name) as beside:
        for name, table in product.tables.items():
            table.to_parquet(beside / f"{name}{_SUFFIX}", compression="zstd")
        for name, array in product.arrays.items():
            np.save(beside / f"{name}{_ARRAY}", array, allow_pickle=False)
        write_json(beside / FACTS, product.facts, indent=None)
        files = {p.name: file_sha256(p) for p in sorted(beside.iterdir())}
        manifest = {
            "name": product.name,
            "version": __version__,
            "fingerprint": fingerprint(product.name, settings, inputs),
            "settings": settings,
            "inputs": dict(inputs),
            "tables": sorted(product.tables),
            "arrays": sorted(product.arrays),
            "files": files,
        }
        write_json(beside / MANIFEST, manifest)
    written = read_product(folder, product.name)
    if written is None:
        raise UnreadableFile(f"Le produit « {product.name} » n'a pas pu être relu : disque plein ?")
    return written


def step(
    folder: Path,
    name: str,
    compute: Callable[[], Computed],
    *,
    settings: object,
    inputs: Mapping[str, str],
) -> Product:
    """
    Return the product `name`: as it stands when nothing it rests on changed, else computed.

    `compute` returns tables and facts, and arrays if any. What it rests on: `settings` (JSON) and
    `inputs`, the hash of each product and file by name. Raises what `compute` and `write_product`
    raise (UnreadableFile).
    """
    known = read_product(folder, name, fingerprint(name, settings, inputs))
    if known is not None:
        return known
    tables, facts, *arrays = compute()
    fresh = Product(name, tables, facts, "", *arrays)
    return write_product(folder, fresh, settings=settings, inputs=inputs)


def read_manifest(folder: Path, name: str) -> dict[str, Any] | None:
    """Return the manifest of a product, None when there is no complete one."""
    return _manifest(folder / name)


def _manifest(target: Path) -> dict[str, Any] | None:
    try:
        content = json.loads((target / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) and "files" in content else None


def _hash(path: Path) -> str:
    return file_sha256(path) if path.is_file() else ""


def _read_table(path: Path) -> pd.DataFrame:
    geographic = b"geo" in (pq.read_schema(path).metadata or {})
    return gpd.read_parquet(path) if geographic else pd.read_parquet(path)


def _mapped(path: Path) -> NDArray[np.generic]:
    """Return an array on its file, loaded as it is looked at; writable, in memory only."""
    array: NDArray[np.generic] = np.load(path, mmap_mode="c", allow_pickle=False)
    return np.asarray(array)
