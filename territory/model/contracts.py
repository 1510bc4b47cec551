"""What a table promises: its columns, their dtypes, what they mean."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

TEXT, REAL, COUNT, YES_NO, DAY = "string", "float64", "Int64", "boolean", "datetime64[us]"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its dtype, what it means (with unit), its value where it is absent."""

    name: str
    dtype: str
    meaning: str
    absent: object = pd.NA


@dataclass(frozen=True, slots=True)
class TableContract:
    """The promise a table keeps: index name, columns, geometry types allowed ("" = no geometry)."""

    name: str
    index: str
    columns: tuple[Column, ...]
    geometry: tuple[str, ...] = ()
    geometry_optional: bool = False

    def names(self) -> list[str]:
        """Return the column names in their official order, geometry last."""
        return [c.name for c in self.columns] + (["geometry"] if self.geometry else [])
