"""The ground to keep of a national file: the communes, their outline, and 2 km around."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd

from territory.fetch.addresses import Ask
from territory.io.admin import WHOLE_CITIES, read_communes
from territory.io.intake import open_raw

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd
    from shapely.geometry.base import BaseGeometry

    from territory.settings import Settings

MARGIN_M = 2000.0
_DEGREES = 4326
_M2_IN_KM2 = 1e6


@dataclass(frozen=True, slots=True)
class Area:
    """
    A territory and its margin.

    `around` is the outline of the communes widened by MARGIN_M metres, in EPSG:`epsg`;
    `around_degrees` the same in EPSG:4326.
    """

    codes: frozenset[str]
    epsg: int
    around: BaseGeometry
    around_degrees: BaseGeometry

    def ask(self) -> Ask:
        """Return what addresses need to know of this ground."""
        km2 = float(self.around.area) / _M2_IN_KM2
        return Ask(tuple(sorted(self.codes)), self.around_degrees.bounds, km2)

    def in_crs(self, epsg: int) -> BaseGeometry:
        """Return the outline with its margin in another CRS, EPSG:`epsg`."""
        shape: BaseGeometry = gpd.GeoSeries([self.around], crs=self.epsg).to_crs(epsg).iloc[0]
        return shape


def area_of(communes: gpd.GeoDataFrame, codes: frozenset[str]) -> Area:
    """Return the ground of `communes` (a table COMMUNES, in its own metric CRS) and its margin."""
    around = communes.geometry.union_all().buffer(MARGIN_M)
    degrees = gpd.GeoSeries([around], crs=communes.crs).to_crs(_DEGREES).iloc[0]
    return Area(codes, int(communes.crs.to_epsg()), around, degrees)


def received_area(folder: Path, settings: Settings) -> Area | None:
    """
    Return the ground drawn from the received outlines of communes; None while there are none.

    Raises UnreadableFile, UnknownKind or DataProblem as `open_raw` and `read_communes`.
    """
    codes, raw = frozenset(settings.ground.communes), open_raw(folder)
    tables = [
        read_communes(path, layer=layer, codes=codes, epsg=settings.ground.epsg)[0]
        for path, layer in raw.of("communes")
    ]
    found = [t for t in tables if len(t)]
    if not found or not codes:
        return None
    best = max(found, key=lambda t: (t.index.nunique(), t.get_coordinates().shape[0]))
    return area_of(best, codes)


def of_communes(values: pd.Series, codes: frozenset[str]) -> pd.Series:
    """
    Return which Insee codes (of communes, or longer ones starting so) belong to `codes`.

    The arrondissements of Paris, Lyon and Marseille belong to their city; a lost leading zero is
    given back to a commune.
    """
    text = values.astype("string").str.strip().str.strip('="')
    text = text.mask(text.str.fullmatch(r"\d{4}").fillna(value=False), "0" + text).str[:5]
    parts = [WHOLE_CITIES[code] for code in codes & set(WHOLE_CITIES)]
    pattern = "|".join([*map(re.escape, sorted(codes)), *parts]) or "(?!)"
    return text.str.fullmatch(f"(?:{pattern})").fillna(value=False).astype(bool)
