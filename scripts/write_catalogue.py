"""
Write territory/web/locales/en.po: every sentence of the pages, with its English where it has one.

`python scripts/write_catalogue.py` keeps the translations that are there, adds the sentences that
are new without one, and drops those that no page says any more. Run again, it changes nothing: no
date, no line number, sorted.
"""

from __future__ import annotations

import re
import sys
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "territory" / "web" / "locales" / "en.po"
READ_AS = {".html": "jinja2", ".py": "python"}
# functions that say a sentence, and which of their arguments are one
SAY = {
    "_": None, "gettext": None, "ngettext": (1, 2), "say": None, "marked": None, "Word": (2,),
}  # fmt: skip
SOURCE = ROOT / "territory"
HEADER = """msgid ""
msgstr ""
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
Sentence = str | tuple[str, ...]


def sentences() -> list[Sentence]:
    """Return every sentence of the pages, (one, many) where they count, in order, each once."""
    found = set(_found())
    counted = {sentence[0] for sentence in found if isinstance(sentence, tuple)}
    return sorted(found - counted, key=lambda s: (s,) if isinstance(s, str) else s)


def written(known: Catalog) -> bytes:
    """Return the catalogue of `sentences`, translated as `known` has them."""
    catalogue = Catalog(locale="en")
    for sentence in sentences():
        had = known.get(sentence if isinstance(sentence, str) else sentence[0])
        catalogue.add(sentence, had.string if had is not None and had.id == sentence else "")
    into = BytesIO()
    write_po(into, catalogue, omit_header=True, no_location=True, width=100)
    return (HEADER + into.getvalue().decode().strip() + "\n").encode()


def read_catalogue() -> Catalog:
    """Return the catalogue as it stands."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def _found() -> Iterator[Sentence]:
    says = re.compile(rf"\b({'|'.join(SAY)})\(")
    for path in (p for p in SOURCE.rglob("*") if p.suffix in READ_AS):
        if says.search(path.read_text(encoding="utf-8")):
            for _, sentence, _, _ in extract_from_file(READ_AS[path.suffix], path, SAY):
                yield sentence if isinstance(sentence, str) else tuple(sentence)


def main() -> None:
    """Write the catalogue and say how many sentences lack their English."""
    CATALOGUE.write_bytes(written(read_catalogue()))
    lacking = sum(not _is_said(m.string) for m in read_catalogue() if m.id)
    sys.stdout.write(f"{len(sentences())} phrases, dont {lacking} sans traduction.\n")


def _is_said(text: str | Sequence[str] | None) -> bool:
    return bool(text) and (isinstance(text, str) or all(text or ()))


if __name__ == "__main__":
    main()
