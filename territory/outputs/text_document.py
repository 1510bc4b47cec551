"""Blocks of text as an OpenDocument file (.odt), to be completed in LibreOffice or Word."""

from __future__ import annotations

import io
import zipfile
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from territory.outputs.text_blocks import Block, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from territory.outputs.text_blocks import Cell

MEDIA_TYPE = "application/vnd.oasis.opendocument.text"
_STILL = (2000, 1, 1, 0, 0, 0)
_NAMES = "urn:oasis:names:tc:opendocument:xmlns:"
_USED = {
    "office": "office:1.0", "text": "text:1.0", "table": "table:1.0", "style": "style:1.0",
    "fo": "xsl-fo-compatible:1.0", "meta": "meta:1.0",
}  # fmt: skip
_SPACES = " ".join(f'xmlns:{short}="{_NAMES}{name}"' for short, name in _USED.items())
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SIZES_PT = {1: 20, 2: 15, 3: 13}
_LOOK = (
    '<style:default-style style:family="paragraph">'
    '<style:paragraph-properties fo:margin-bottom="0.2cm"/>'
    '<style:text-properties fo:font-size="11pt" fo:language="fr" fo:country="FR"/>'
    "</style:default-style>"
    + "".join(
        f'<style:style style:name="Titre{level}" style:family="paragraph">'
        '<style:paragraph-properties fo:keep-with-next="always" fo:margin-top="0.4cm"/>'
        f'<style:text-properties fo:font-size="{size}pt" fo:font-weight="bold"/></style:style>'
        for level, size in _SIZES_PT.items()
    )
    + '<style:style style:name="Gras" style:family="text">'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
    '<style:style style:name="Case" style:family="table-cell">'
    '<style:table-cell-properties fo:border="0.5pt solid #808080" fo:padding="0.1cm"/>'
    "</style:style>"
    '<text:list-style style:name="Points">'
    '<text:list-level-style-bullet text:level="1" text:bullet-char="•">'
    '<style:list-level-properties text:space-before="0.3cm" text:min-label-width="0.5cm"/>'
    "</text:list-level-style-bullet></text:list-style>"
)


def document_bytes(blocks: Iterable[Block], title: str) -> bytes:
    """Return the blocks as an OpenDocument text named `title`; the same bytes each time."""
    parts = {
        "content.xml": f'<office:document-content {_SPACES} office:version="1.3"><office:body>'
        f"<office:text>{''.join(_body(blocks))}</office:text>"
        "</office:body></office:document-content>",
        "styles.xml": f'<office:document-styles {_SPACES} office:version="1.3"><office:styles>'
        f"{_LOOK}</office:styles></office:document-styles>",
        "meta.xml": f'<office:document-meta {_SPACES} xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'office:version="1.3"><office:meta><dc:title>{escape(title)}</dc:title>'
        "<dc:language>fr-FR</dc:language></office:meta></office:document-meta>",
    }
    parts["META-INF/manifest.xml"] = _manifest(list(parts))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:  # the type comes first, bare: readers look there
        file.writestr(zipfile.ZipInfo("mimetype", _STILL), MEDIA_TYPE)
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, _STILL)
            file.writestr(info, f"{_HEAD}{content}", zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _body(blocks: Iterable[Block]) -> Iterator[str]:
    for kind, group in groupby(blocks, key=lambda block: block.kind):
        found = list(group)
        if kind is Kind.ITEM:
            items = (f"<text:list-item>{_paragraph(b.rows[0][0])}</text:list-item>" for b in found)
            yield f'<text:list text:style-name="Points">{"".join(items)}</text:list>'
        else:
            yield from map(_block, found)


def _block(block: Block) -> str:
    if block.kind is Kind.TABLE:
        return _table(block.rows)
    if block.kind is Kind.TITLE:
        level = min(block.level, max(_SIZES_PT))
        said = _spans(block.rows[0][0])
        start = f'<text:h text:style-name="Titre{level}" text:outline-level="{level}">'
        return f"{start}{said}</text:h>"
    return _paragraph(block.rows[0][0])


def _table(rows: Sequence[Sequence[Cell]]) -> str:
    columns = f'<table:table-column table:number-columns-repeated="{len(rows[0])}"/>'
    head, *rest = map(_row, rows)
    top = f"<table:table-header-rows>{head}</table:table-header-rows>"
    return f"<table:table>{columns}{top}{''.join(rest)}</table:table>"


def _row(cells: Sequence[Cell]) -> str:
    start = '<table:table-cell table:style-name="Case" office:value-type="string">'
    told = (f"{start}{_paragraph(cell)}</table:table-cell>" for cell in cells)
    return f"<table:table-row>{''.join(told)}</table:table-row>"


def _paragraph(cell: Cell) -> str:
    return f"<text:p>{_spans(cell)}</text:p>"


def _spans(cell: Cell) -> str:
    bold = '<text:span text:style-name="Gras">'
    return "".join(
        f"{bold}{escape(r.text)}</text:span>" if r.bold else escape(r.text) for r in cell
    )


def _manifest(names: Iterable[str]) -> str:
    entry = '<manifest:file-entry manifest:full-path="{}" manifest:media-type="{}"/>'
    listed = [entry.format("/", MEDIA_TYPE), *(entry.format(name, "text/xml") for name in names)]
    space = f'xmlns:manifest="{_NAMES}manifest:1.0" manifest:version="1.3"'
    return f"<manifest:manifest {space}>{''.join(listed)}</manifest:manifest>"
