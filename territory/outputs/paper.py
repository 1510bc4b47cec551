"""Printed documents: one look for all, PDF/UA-1 through typst, same content, same bytes."""

from __future__ import annotations

import json
import re
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typst

from territory.outputs.fonts import page_fonts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from territory.settings import Settings

WORKING = "Document de travail – ne pas diffuser."
_LOOK, _DATA = "look.typ", "contenu.json"
_HASH = 12  # characters of a hash that are printed


def running(
    settings: Settings, *, what: str, when: str = "", notice: str = WORKING, digest: str = ""
) -> dict[str, str]:
    """
    Return what runs at the head and the foot of every page: « Ville – what – when ».

    `notice` says who may read it, `digest` is the hash of what the document rests on ("" unknown).
    """
    return {
        "head": " – ".join(filter(None, [settings.ground.name, what, when])),
        "notice": notice,
        "hash": f"Empreinte : {digest[:_HASH]}." if digest else "",
    }


def printed(
    template: str, content: Mapping[str, Any], drawings: Mapping[str, str] | None = None
) -> bytes:
    """
    Return the PDF/UA-1 (ISO 14289-1) of a `template` of this package.

    `content` keeps "title" and "running"; `drawings` are SVG texts by the file name that the
    template reads. Nothing else is read: no author, no moment of writing, no font of the machine.
    Raises ModuleNotFoundError when matplotlib, which carries the fonts, is not installed.
    """
    how: dict[str, Any] = {"format": "pdf", "pdf_standards": ["ua-1"], "timestamp": 0}
    pdf: bytes = _made(template, content, drawings or {}, **how)
    return pdf


def pictured(
    template: str, content: Mapping[str, Any], drawings: Mapping[str, str], *, dpi: float
) -> list[bytes]:
    """Return the pages that `printed` would give as PNG, `dpi` pixels an inch; raises the same."""
    made = _made(template, content, drawings, format="png", ppi=dpi)
    return made if isinstance(made, list) else [made]


def laid(template: str, content: Mapping[str, Any], drawings: Mapping[str, str], label: str) -> Any:  # noqa: ANN401 - what the template says
    """Return what the template tells of its own pages under a `label`; raises as `printed`."""
    told = _made(template, content, drawings, typst.query, selector=f"<{label}>", field="value")
    return json.loads(told)[0]


def _made(
    template: str,
    content: Mapping[str, Any],
    drawings: Mapping[str, str],
    make: Callable[..., Any] = typst.compile,
    **how: Any,  # noqa: ANN401
) -> Any:  # noqa: ANN401 - bytes, or a list of them for pictures of several pages
    templates = files("territory.outputs") / "templates"
    texts = {
        **{name: (templates / name).read_text(encoding="utf-8") for name in (_LOOK, template)},
        **drawings,
        _DATA: json.dumps(content, ensure_ascii=False),
    }
    with tempfile.TemporaryDirectory() as workshop:
        for name, text in texts.items():
            (Path(workshop) / name).write_text(text, encoding="utf-8")
        return make(
            str(Path(workshop) / template),
            root=workshop,
            font_paths=page_fonts(),
            **how,
        )


def pages(pdf: bytes) -> int:
    """Return the number of pages of a PDF of typst, in which each is named in clear."""
    return len(re.findall(rb"/Type\s*/Page(?!s)", pdf))
