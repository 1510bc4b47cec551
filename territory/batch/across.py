"""The dataset of a batch as DuckDB views, read out of core: only what the catalogue names."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from territory.batch.across_sql import DERIVED, MACROS, VIEWS
from territory.batch.catalogue import DONE, parts_of, read_catalogue
from territory.batch.kinds import KINDS
from territory.errors import NoAnswer, UnreadableFile
from territory.io.hashing import file_sha256

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from territory.batch.catalogue import Piece
    from territory.batch.store import Store

MEMORY_GIB = 1.0
_MIB = 1 << 10  # in a GiB


@dataclass(frozen=True, slots=True)
class Asked:
    """A dataset open for questions: its connection to DuckDB, territories counted and not."""

    connection: Any  # duckdb.DuckDBPyConnection: the package is loaded when it is needed
    counted: tuple[str, ...]
    left_out: tuple[str, ...]

    def table(self, view: str, **values: object) -> pd.DataFrame:
        """
        Return a view of `across_sql.VIEWS`, its rows in its order; `values` are its terms.

        Raises NoAnswer when neither memory nor the temporary disk hold what it takes.
        """
        import duckdb  # noqa: PLC0415 - of the extra « batch » alone

        try:
            found: pd.DataFrame = self.connection.execute(VIEWS[view], values or None).df()
        except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
            raise NoAnswer(
                "Pas assez de mémoire ou de disque provisoire pour répondre : donnez-en plus avec "
                "--memory, ou faites de la place."
            ) from error
        return found


@contextmanager
def opened(
    store: Store, kinds: Sequence[str], *, memory_gib: float = MEMORY_GIB
) -> Iterator[Asked]:
    """
    Open the parts of `kinds` that the catalogue counts, each with the right hash, as views.

    DuckDB keeps to `memory_gib` and puts what exceeds it in a temporary folder, taken away at the
    end. Raises NoAnswer when nothing was computed there, UnreadableFile when a file is not the one
    that the catalogue names, or of an older version.
    """
    entries = read_catalogue(store)
    counted = tuple(entry.name for entry in entries if entry.state == DONE and entry.result)
    if not counted:
        raise NoAnswer("Aucun territoire calculé ici : lancez d'abord « territory batch ».")
    left = tuple(entry.name for entry in entries if entry.name not in set(counted))
    with tempfile.TemporaryDirectory(prefix="territory-across-") as scratch:
        files = {kind: _checked(store, parts_of(entries, kind), Path(scratch)) for kind in kinds}
        with _connected(Path(scratch), memory_gib) as connection:
            for kind, paths in files.items():
                _view(connection, kind, paths)
            for name, (kind, query) in DERIVED.items():
                if kind in files:
                    connection.execute(f"CREATE VIEW {name} AS {query}")
            yield Asked(connection, counted, left)


@contextmanager
def _connected(scratch: Path, memory_gib: float) -> Iterator[Any]:
    import duckdb  # noqa: PLC0415 - of the extra « batch » alone

    settings: Mapping[str, Any] = {
        "memory_limit": f"{max(int(memory_gib * _MIB), 1)}MiB",
        "temp_directory": str(scratch / "trop-plein"),
        "threads": os.process_cpu_count() if hasattr(os, "process_cpu_count") else os.cpu_count(),
        "preserve_insertion_order": False,
        "enable_geoparquet_conversion": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    with duckdb.connect(":memory:") as connection:
        for name, value in settings.items():
            connection.execute(f"SET {name} = ?", [value])
        for macro in MACROS:
            connection.execute(macro)
        yield connection


def _checked(store: Store, pieces: Sequence[Piece], scratch: Path) -> list[str]:
    """Return where DuckDB reads each piece; those of an object store are brought here first."""
    paths = []
    for piece in pieces:
        here = Path(store.address) / piece.path if store.is_folder else scratch / piece.path
        if not store.is_folder:
            store.copy_out(piece.path, here)
        if not here.is_file() or file_sha256(here) != piece.sha256:
            raise UnreadableFile(
                f"« {piece.path} » est abîmé ou a disparu : « territory batch » le refera."
            )
        paths.append(str(here))
    return paths


def _view(connection: Any, kind: str, paths: Sequence[str]) -> None:  # noqa: ANN401 - duckdb
    """
    Make the rows of a kind a view of that name; folders tell nothing that columns do not.

    Raises UnreadableFile when an older version of the package wrote them.
    """
    rows = None
    if paths:
        rows = connection.read_parquet(list(paths), hive_partitioning=False, union_by_name=True)
    if rows is None or not set(KINDS[kind].names()) <= set(rows.columns):
        raise UnreadableFile(
            "Ce magasin a été rempli par une version plus ancienne : relancez « territory batch »."
        )
    rows.create_view(kind)
