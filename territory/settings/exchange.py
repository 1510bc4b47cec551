"""How the columns and the words of a case-management export are read, when they are not ours."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from territory.settings.section import Section

Column = Literal[
    "date", "date_orientation", "date_entree", "date_sortie", "commune", "etape", "structure",
    "issue", "nombre",
]  # fmt: skip


class ExchangeMap(Section):
    """
    The headers of another software for our columns, its words for ours, columns to leave unread.

    `stage` is that of every line of a file that has no column for it.
    """

    columns: dict[Column, str] = Field({}, alias="colonnes")
    words: dict[str, str] = Field({}, alias="valeurs")
    stage: Literal["", "oriente", "entree", "sortie_positive"] = Field("", alias="etape")
    unread: tuple[str, ...] = Field((), alias="ignorer")
