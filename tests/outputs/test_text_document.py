"""A little Markdown as an OpenDocument text: nothing lost, all escaped, the same each time."""

from __future__ import annotations

import io
import zipfile

from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from territory.outputs.text_blocks import Block, Kind, Run, runs, text_blocks
from territory.outputs.text_document import MEDIA_TYPE, document_bytes

TEXT = """\
# Un titre

Une phrase **forte** sur
deux lignes, avec un [lien](page.md) & `un code`.

| Rubrique | Contenu |
|---|---|
| Finalités | Savoir où aller < 5 |

- premier point,
  qui continue - encore
- second point
"""
TEXT_SPACE = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE_SPACE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


def parts_of(file: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(file)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_blocks_are_those_of_the_text() -> None:
    title, paragraph, table, *items = text_blocks(TEXT)
    assert title == Block(Kind.TITLE, (((Run("Un titre"),),),), 1)
    assert paragraph.rows[0][0] == (
        Run("Une phrase "),
        Run("forte", bold=True),
        Run(" sur deux lignes, avec un lien & un code."),
    )
    assert [[cell[0].text for cell in row] for row in table.rows] == [
        ["Rubrique", "Contenu"],
        ["Finalités", "Savoir où aller < 5"],
    ]
    assert [one.rows[0][0][0].text for one in items] == [
        "premier point, qui continue - encore",
        "second point",
    ]


def test_the_document_is_one_that_readers_know() -> None:
    file = document_bytes(text_blocks(TEXT), "Un & deux")
    with zipfile.ZipFile(io.BytesIO(file)) as packed:
        first = packed.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    parts = parts_of(file)
    assert parts["mimetype"].decode() == MEDIA_TYPE
    trees = {name: fromstring(data) for name, data in parts.items() if name.endswith(".xml")}
    said = "".join(trees["content.xml"].itertext())
    assert "avec un lien & un code." in said
    assert "Savoir où aller < 5" in said
    assert len(list(trees["content.xml"].iter(f"{TABLE_SPACE}table-row"))) == 2
    assert len(list(trees["content.xml"].iter(f"{TEXT_SPACE}list-item"))) == 2
    assert "Un & deux" in "".join(trees["meta.xml"].itertext())
    listed = "".join(map(str, (e.attrib for e in trees["META-INF/manifest.xml"])))
    assert all(name in listed for name in ("content.xml", "styles.xml", "meta.xml"))


def test_the_same_text_is_the_same_file() -> None:
    assert document_bytes(text_blocks(TEXT), "T") == document_bytes(text_blocks(TEXT), "T")


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp", "Co")))
)
def test_a_line_keeps_its_letters_whatever_they_are(line: str) -> None:
    told = "".join(run.text for run in runs(line))
    if not set("`*[") & set(line):
        assert told == line
    content = parts_of(document_bytes([Block(Kind.PARAGRAPH, ((runs(line),),))], line))
    assert "".join(fromstring(content["content.xml"]).itertext()) == told
