"""The list of a batch: which territories, where their folders are, in whose network of teams."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from territory.batch.store import Store
from territory.errors import UnreadableFile, WrongUsage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

NEEDED = ("territoire", "dossier", "departement")
COLUMNS = (*NEEDED, "reseau", "telecharger")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")
_DEPARTMENT = re.compile(r"\d{2,3}|2[AB]")
_YES_NO = {"oui": True, "non": False, "": False}
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Listed:
    """
    One territory of the list: its name, the address of its folder, where it counts.

    `network` names the network of teams (empty: none); `fetched` asks for the official files to be
    downloaded when the folder holds none.
    """

    name: str
    address: str
    department: str
    network: str = ""
    fetched: bool = False


def read_list(address: str) -> tuple[Listed, ...]:
    """
    Read a list of territories, in its order: CSV with `;`, UTF-8, a path or an fsspec URL.

    Folders are relative to the list unless absolute or URLs. Raises UnreadableFile when there is no
    such file or it is not one, WrongUsage naming every line that is wrong.
    """
    folder, _, name = address.replace("\\", "/").rpartition("/")
    content = Store(folder or ".").read(name)
    if content is None:
        raise UnreadableFile(f"La liste « {address} » n'existe pas.")
    rows = list(_rows(content, address))
    faults = [fault for line, row in rows for fault in _faults(line, row)]
    faults += _repeated(rows)
    if faults:
        more = f" ; et {len(faults) - _SHOWN} autres" if len(faults) > _SHOWN else ""
        raise WrongUsage(f"La liste est à corriger : {' ; '.join(faults[:_SHOWN])}{more}.")
    return tuple(_listed(row, folder or ".") for _, row in rows)


def _rows(content: bytes, address: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each line with its number in the file, cells without spaces around."""
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")
        head = [str(name or "").strip().casefold() for name in reader.fieldnames or ()]
        missing = [name for name in NEEDED if name not in head]
        if missing:
            raise UnreadableFile(
                f"La liste « {address} » n'a pas de colonne {', '.join(missing)} (entre « ; »)."
            )
        reader.fieldnames = head
        for row in reader:
            yield reader.line_num, {name: (row.get(name) or "").strip() for name in COLUMNS}
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableFile(f"La liste « {address} » n'est pas un texte CSV en UTF-8.") from error


def _faults(line: int, row: Mapping[str, str]) -> Iterator[str]:
    if not _NAME.fullmatch(row["territoire"]):
        yield f"ligne {line}, territoire : lettres sans accent, chiffres, « - » et « _ » seulement"
    if not row["dossier"]:
        yield f"ligne {line}, dossier : vide"
    if not _DEPARTMENT.fullmatch(row["departement"]):
        yield f"ligne {line}, departement : un code comme 93, 2A ou 974"
    if row["telecharger"].casefold() not in _YES_NO:
        yield f"ligne {line}, telecharger : oui ou non"


def _repeated(rows: list[tuple[int, dict[str, str]]]) -> Iterator[str]:
    """Yield the names given twice; capitals make no difference, as on some systems."""
    seen: dict[str, int] = {}
    for line, row in rows:
        first = seen.setdefault(row["territoire"].casefold(), line)
        if first != line and row["territoire"]:
            yield f"lignes {first} et {line} : le même territoire, « {row['territoire']} »"


def _listed(row: Mapping[str, str], folder: str) -> Listed:
    place = row["dossier"].replace("\\", "/")
    absolute = "://" in place or place.startswith("/") or re.match(r"[A-Za-z]:/", place)
    address = place if absolute else f"{folder}/{place}"
    if "://" not in address:  # workers may run from another folder
        address = Path(address).absolute().as_posix()
    fetched = _YES_NO[row["telecharger"].casefold()]
    return Listed(row["territoire"], address, row["departement"], row["reseau"], fetched)
