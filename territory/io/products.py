"""
Numbered products of data/processed: tables and facts with a manifest, written all or nothing.

A manifest holds the version, the settings used, the hash of every input and of every file written:
a step whose fingerprint is unchanged is not computed again, and every figure can be traced.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq

from territory import __version__
from territory.errors import UnreadableFile
from territory.io.atomic import new_folder, recover, write_json
from territory.io.hashing import file_sha256, value_sha256

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

MANIFEST = "manifeste.json"
FACTS = "faits.json"
_SUFFIX = ".parquet"


@dataclass(frozen=True, slots=True)
class Product:
    """One step's output: `tables` by name, JSON `facts`, and the hash that others depend on."""

    name: str
    tables: Mapping[str, pd.DataFrame]
    facts: Mapping[str, Any]
    digest: str


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
    return Product(name, tables, facts, value_sha256(manifest["files"]))


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
        write_json(beside / FACTS, product.facts)
        files = {p.name: file_sha256(p) for p in sorted(beside.iterdir())}
        manifest = {
            "name": product.name,
            "version": __version__,
            "fingerprint": fingerprint(product.name, settings, inputs),
            "settings": settings,
            "inputs": dict(inputs),
            "tables": sorted(product.tables),
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
    compute: Callable[[], tuple[Mapping[str, pd.DataFrame], Mapping[str, Any]]],
    *,
    settings: object,
    inputs: Mapping[str, str],
) -> Product:
    """
    Return the product `name`: as it stands when nothing it rests on changed, else computed.

    What it rests on: `settings` (JSON) and `inputs`, the hash of each product and file by name.
    Raises what `compute` and `write_product` raise (UnreadableFile).
    """
    known = read_product(folder, name, fingerprint(name, settings, inputs))
    if known is not None:
        return known
    tables, facts = compute()
    return write_product(folder, Product(name, tables, facts, ""), settings=settings, inputs=inputs)


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
