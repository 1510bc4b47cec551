"""What all sections of the settings have in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """One table of territory.toml: frozen, its keys French, no other key allowed."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
