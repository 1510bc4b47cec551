"""A report as an OpenDocument text (LibreOffice): the same pieces as the Word document."""

from __future__ import annotations

import io
from html import escape
from typing import TYPE_CHECKING, Any

from odfdo import Document, Element, Header, Paragraph

from territory.outputs.odt_look import COLUMN, dress_odt
from territory.outputs.report_pieces import TOGETHER, Heading, Picture, Tabular, pieces
from territory.outputs.still_archive import still_archive

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from territory.outputs.report_pieces import Text

_ROOM_MM = 170.0
_STYLES = {
    "": "Text_20_body",
    "small": "Fin",
    "after": "Reste",
    "list": "Puce",
    "quote": "Citation",
    "box": "Encadre",
    "fact": "Fait",
}


def report_odt(content: Mapping[str, Any], pictures: Mapping[str, bytes]) -> bytes:
    """
    Return the report of `report_document.report_content` as ODT; the same bytes each time.

    `pictures` are the PNG of its drawings by name.
    """
    odt = Document("text")
    odt.body.clear()
    dress_odt(odt, content["title"], content["running"])
    for at, piece in enumerate(pieces(content)):
        if isinstance(piece, Heading):
            odt.body.append(Header(piece.level, piece.text))
        elif isinstance(piece, Tabular):
            _table(odt, piece, f"Tableau{at}")
        elif isinstance(piece, Picture):
            _picture(odt, piece, pictures[piece.name])
        else:
            _text(odt, piece)
    written = io.BytesIO()
    odt.save(written)
    return still_archive(written.getvalue())


def _text(odt: Document, piece: Text) -> None:
    paragraph = Paragraph(style=_STYLES[piece.style])
    said = f"• {piece.text}" if piece.style == "list" else piece.text
    if piece.strong:
        paragraph.append(_span(piece.strong, "Gras"))
    paragraph.append(_span(said))
    odt.body.append(paragraph)


def _span(text: str, style: str = "") -> Element:
    named = f' text:style-name="{style}"' if style else ""
    return Element.from_tag(f"<text:span{named}>{_lines(text)}</text:span>")


def _picture(odt: Document, piece: Picture, png: bytes) -> None:
    path = f"Pictures/{piece.name.removesuffix('.svg')}.png"
    odt.set_part(path, png)
    odt.manifest.add_full_path(path, "image/png")
    size = f'svg:width="{piece.width_mm}mm" svg:height="{piece.height_mm}mm"'
    name = escape(piece.name.removesuffix(".svg"))
    odt.body.append(Element.from_tag(
        '<text:p text:style-name="Image">'
        f'<draw:frame draw:name="{name}" draw:style-name="Cadre" text:anchor-type="as-char" {size}>'
        f'<draw:image xlink:href="{path}" xlink:type="simple" xlink:show="embed" '
        f'xlink:actuate="onLoad"/><svg:title>{escape(piece.alt.partition(" : ")[0])}</svg:title>'
        f"<svg:desc>{escape(piece.alt)}</svg:desc></draw:frame></text:p>"
    ))  # fmt: skip


def _table(odt: Document, piece: Tabular, name: str) -> None:
    """Add a table; numbers to the right, its header repeated on each page."""
    widths = piece.widths()
    for at, share in enumerate(widths):
        style = COLUMN.format(name=f"{name}.{at}", width=round(share * _ROOM_MM, 1))
        odt.insert_style(style, automatic=True)
    columns = "".join(
        f'<table:table-column table:style-name="{name}.{at}"/>' for at in range(len(widths))
    )
    last = len(piece.rows)
    kind = "Ensemble" if last <= TOGETHER else "Long"
    body = "".join(
        _row(
            row,
            piece,
            "Total" if piece.sums and at == last else "Cellule",
            held=kind == "Ensemble" and at < last,
        )
        for at, row in enumerate(piece.rows, 1)
    )
    odt.body.append(Element.from_tag(
        f'<table:table table:name="{name}" table:style-name="{kind}">{columns}'
        f"<table:table-header-rows>{_row(piece.header, piece, 'Entete', held=kind == 'Ensemble')}"
        f"</table:table-header-rows>{body}</table:table>"
    ))  # fmt: skip
    odt.body.append(Paragraph(style="Apres"))


def _row(row: Sequence[str], piece: Tabular, cell: str, *, held: bool) -> str:
    """Return a row: each cell in its style, numbers to the right."""
    look, keep = ("Entete" if cell == "Entete" else "Cellule"), "T" if held else ""
    bold = {at: "G" for at in range(len(row)) if cell != "Cellule" or at in piece.strong}
    cells = "".join(
        f'<table:table-cell office:value-type="string" table:style-name="{look}"><text:p '
        f'text:style-name="{"Nombre" if at in piece.numbers else "Mot"}{bold.get(at, "")}{keep}">'
        f"{_told(text)}</text:p></table:table-cell>"
        for at, text in enumerate(row)
    )
    return f'<table:table-row table:style-name="Rang">{cells}</table:table-row>'


def _told(text: str) -> str:
    """Return the text of a cell: its first line, and smaller what is said under it."""
    first, *rest = text.split("\n")
    aside = (f'<text:span text:style-name="Precision">{escape(line)}</text:span>' for line in rest)
    return "<text:line-break/>".join([escape(first), *aside])


def _lines(text: str) -> str:
    """Return a text for XML, its line breaks kept."""
    return escape(text).replace("\n", "<text:line-break/>")
