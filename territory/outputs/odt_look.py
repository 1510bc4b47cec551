"""How an OpenDocument text looks: A4, French, numbered pages, tables; nothing of who made it."""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

from odfdo import Element

from territory.outputs.still_archive import STILL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from odfdo import Document

COLUMN = (
    '<style:style style:name="{name}" style:family="table-column">'
    '<style:table-column-properties style:column-width="{width}mm"/></style:style>'
)
_LETTERS = 'style:font-name="Liberation Sans" fo:font-family="Liberation Sans, Arial"'
_BLUE, _TINT = "#173f5f", "#e8eef3"
_TITLES = {1: (18, 0), 2: (14, 5), 3: (11.5, 4)}  # points, millimetres above
_HEAD = '<style:header><text:p text:style-name="Pied">{head}</text:p></style:header>'
_FOOT = (
    '<style:footer><text:p text:style-name="Pied">{notice}Page <text:page-number '
    'text:select-page="current">1</text:page-number> sur <text:page-count>1</text:page-count>'
    "</text:p></style:footer>"
)


def dress_odt(odt: Document, title: str, running: Mapping[str, str]) -> None:
    """
    Give an empty text its paper, letters, styles; name it, and forget its maker.

    `running` is what paper.running says on every page.
    """
    _named(odt, title)
    _told_french(odt)
    _papered(odt, running)
    for text in _styles():
        odt.insert_style(text)
    for text in _automatic():
        odt.insert_style(text, automatic=True)


def _told_french(odt: Document) -> None:
    """Say that the text is French, and that its titles have no numbers."""
    for element in odt.styles.get_elements("//style:text-properties[@fo:language]"):
        element.set_attribute("fo:language", "fr")
        element.set_attribute("fo:country", "FR")
    for level in odt.styles.get_elements("//text:outline-level-style"):
        level.set_attribute("style:num-format", "")
        for name in ("style:num-suffix", "loext:num-list-format", "text:display-levels"):
            if level.get_attribute(name) is not None:
                level.del_attribute(name)


def _papered(odt: Document, running: Mapping[str, str]) -> None:
    """Set the paper and the foot of every page."""
    for layout in odt.styles.get_elements("//style:page-layout-properties"):
        for name, value in _PAPER.items():
            layout.set_attribute(name, value)
    for master in odt.styles.get_elements("//style:master-page"):
        for old in master.get_elements("style:header | style:footer"):
            old.delete()
        for text in (_HEAD.format(head=escape(running["head"])),
                     _FOOT.format(notice=escape(f"{running['notice']} ".lstrip()))):  # fmt: skip
            master.append(Element.from_tag(text))


_PAPER = {
    "fo:page-width": "210mm", "fo:page-height": "297mm", "fo:margin-top": "10mm",
    "fo:margin-bottom": "15mm", "fo:margin-left": "20mm", "fo:margin-right": "20mm",
}  # fmt: skip


def _named(odt: Document, title: str) -> None:
    meta = odt.meta
    moment = datetime(*STILL)  # noqa: DTZ001 - as the format has it
    meta.set_title(title)
    meta.set_language("fr-FR")
    meta.set_generator("territory")
    meta.set_creation_date(moment)
    meta.set_modification_date(moment)
    for tag in ("meta:document-statistic", "meta:editing-duration", "meta:editing-cycles"):
        for element in meta.get_elements(f"//{tag}"):
            element.delete()
    odt.del_part("Thumbnails/thumbnail.png")


def _styles() -> Iterator[str]:
    """Yield the styles that a reader may change: body, titles, list, quote, foot."""
    yield _paragraph("Text_20_body", "fo:margin-top='1mm' fo:margin-bottom='1.5mm'", "10pt")
    for level, (points, above) in _TITLES.items():
        yield (
            f'<style:style style:name="Heading_20_{level}" style:display-name="Heading {level}" '
            'style:family="paragraph" style:class="text" style:next-style-name="Text_20_body" '
            f'style:default-outline-level="{level}"><style:paragraph-properties '
            f'fo:margin-top="{above}mm" fo:margin-bottom="1.5mm" fo:keep-with-next="always"/>'
            f'<style:text-properties {_LETTERS} fo:font-size="{points}pt" fo:font-weight="bold" '
            f'fo:color="{_BLUE}"/></style:style>'
        )
    yield _paragraph("Fin", "fo:margin-bottom='1.5mm' fo:keep-with-next='always'", "9.5pt")
    yield _paragraph("Reste", "fo:margin-bottom='1.5mm'", "9.5pt")
    yield _paragraph("Fait", "fo:margin-bottom='0.5mm'", "10pt")
    yield _paragraph("Puce", "fo:margin-left='5mm' fo:text-indent='-3mm'", "10pt")
    yield _paragraph("Citation", "fo:margin-left='8mm' fo:margin-right='8mm'", "10pt", "italic")
    box = f"fo:margin='2mm' fo:padding='2mm' fo:border='1.2pt solid {_BLUE}'"
    yield _paragraph("Encadre", f"{box} fo:keep-with-next='always'", "10pt")
    yield _paragraph("Pied", "fo:text-align='end'", "8.5pt")
    yield _paragraph("Apres", "fo:margin-bottom='1mm'", "4pt")
    yield _paragraph("Image", "fo:margin-bottom='2mm' fo:keep-with-next='always'", "9.5pt")


def _automatic() -> Iterator[str]:
    """Yield the styles of tables, of their cells and of drawings."""
    for kind, between in (("Ensemble", "false"), ("Long", "true")):
        yield (
            f'<style:style style:name="{kind}" style:family="table"><style:table-properties '
            f'style:width="170mm" table:align="left" style:may-break-between-rows="{between}"/>'
            "</style:style>"
        )
    yield (
        '<style:style style:name="Rang" style:family="table-row"><style:table-row-properties '
        'fo:keep-together="always"/></style:style>'
    )
    for name, tint in (("Cellule", ""), ("Entete", f'fo:background-color="{_TINT}" ')):
        yield (
            f'<style:style style:name="{name}" style:family="table-cell">'
            f'<style:table-cell-properties {tint}fo:padding="0.6mm" fo:padding-left="1mm" '
            'fo:padding-right="1mm" fo:border-top="0.4pt solid #8a8a8a" '
            'fo:border-bottom="0.4pt solid #8a8a8a"/></style:style>'
        )
    for word, align in (("Mot", "start"), ("Nombre", "end")):
        for bold in ("", "G"):
            for held in ("", "T"):
                keep = " fo:keep-with-next='always'" if held else ""
                yield _paragraph(
                    f"{word}{bold}{held}", f"fo:text-align='{align}'{keep}", "9.5pt",
                    weight="bold" if bold else "normal",
                )  # fmt: skip
    yield (
        '<style:style style:name="Gras" style:family="text">'
        '<style:text-properties fo:font-weight="bold"/></style:style>'
    )
    yield (
        '<style:style style:name="Precision" style:family="text"><style:text-properties '
        'fo:font-size="8.5pt" fo:font-weight="normal" fo:color="#444444"/></style:style>'
    )
    yield (
        '<style:style style:name="Cadre" style:family="graphic"><style:graphic-properties '
        'style:vertical-pos="top" style:vertical-rel="baseline"/></style:style>'
    )


def _paragraph(
    name: str, look: str, size: str, slant: str = "normal", weight: str = "normal"
) -> str:
    shown = name.replace("_20_", " ")
    return (
        f'<style:style style:name="{name}" style:display-name="{shown}" style:family="paragraph" '
        f'style:class="text"><style:paragraph-properties {look}/>'
        f'<style:text-properties {_LETTERS} fo:font-size="{size}" fo:font-style="{slant}" '
        f'fo:font-weight="{weight}"/></style:style>'
    )
