"""Groups of priority quarters given by hand: a table with the columns groupe and quartier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.errors import WrongUsage
from territory.io.decoding import text_rows
from territory.model.words import plain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def read_quarter_groups(path: Path, names: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """
    Return the quarter codes of each group, in the order of the file; `names` by quarter code.

    A quarter is named by its code, or by its whole name when one only is called so. Raises
    WrongUsage (French) for another table or an unknown quarter, UnreadableFile as `text_rows`.
    """
    if not path.is_file():
        raise WrongUsage(f"« {path.name} » est introuvable.")
    header, *rows = text_rows(path) or [[]]
    titles = [plain(title) for title in header]
    if not {"groupe", "quartier"} <= set(titles):
        raise WrongUsage(f"« {path.name} » doit avoir les colonnes « groupe » et « quartier ».")
    group, quarter = titles.index("groupe"), titles.index("quartier")
    found: dict[str, tuple[str, ...]] = {}
    for line, row in enumerate(rows, 2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) <= max(group, quarter) or not row[group].strip():
            raise WrongUsage(f"« {path.name} », ligne {line} : il manque le groupe ou le quartier.")
        code = _code(row[quarter], names, f"« {path.name} », ligne {line}")
        name = row[group].strip()
        found[name] = tuple(dict.fromkeys((*found.get(name, ()), code)))
    if not found:
        raise WrongUsage(f"« {path.name} » ne contient aucun groupe.")
    return found


def _code(written: str, names: Mapping[str, str], where: str) -> str:
    if written.strip().upper() in names:
        return written.strip().upper()
    called = [code for code, name in names.items() if plain(name) == plain(written)]
    if len(called) != 1:
        raise WrongUsage(
            f"{where} : « {written.strip()} » n'est pas un quartier prioritaire connu."
        )
    return called[0]
