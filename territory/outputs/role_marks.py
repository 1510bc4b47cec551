"""The places of a choice of permanences on the map of the week, told apart in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import folium

from territory.outputs.map_content import Mark, Note
from territory.outputs.map_page import Marks, OfflineMap
from territory.outputs.place_roles import CANDIDATE, CLOSING, FORBIDDEN, REQUIRED

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

NAME = "Lieux possibles, demandés ou écartés"
LOOKS = {CANDIDATE: ("", "possible"), REQUIRED: ("D", "demande"), FORBIDDEN: ("✕", "ecarte"),
         CLOSING: ("P", "fermeture")}  # fmt: skip
_SAID = {
    CANDIDATE: "Lieu possible : une permanence pourrait y être tenue",
    REQUIRED: "Lieu demandé pour une permanence",
    FORBIDDEN: "Lieu écarté : aucune permanence n'y sera proposée",
    CLOSING: "La permanence d'aujourd'hui y fermerait",
}


def add_roles(
    page: OfflineMap, roles: pd.Series | None, places: gpd.GeoDataFrame
) -> list[tuple[str, folium.FeatureGroup, str]]:
    """
    Add the places that are neither held nor proposed, hidden at first; return the overlay, if any.

    `roles` [place_id] come from `place_roles`; `places`, located and public, are in WGS84.
    """
    marks = role_marks(roles, places)
    if not marks:
        return []
    group = folium.FeatureGroup(name=NAME, show=False)
    group.add_to(page)
    Marks(marks).add_to(group)
    return [(NAME, group, "")]


def role_marks(roles: pd.Series | None, places: gpd.GeoDataFrame) -> list[Mark]:
    """Return one mark for each place that is neither held nor proposed, by id (places: WGS84)."""
    shown = [] if roles is None else [str(k) for k in sorted(roles.index) if roles[k] in LOOKS]
    marks = []
    for place_id in shown:
        if roles is None or place_id not in places.index:
            continue
        point, role = places.geometry.loc[place_id], str(roles[place_id])
        at = (round(point.y, 5), round(point.x, 5))
        note = Note(str(places.loc[place_id, "name"]), (_SAID[role],))
        marks.append(Mark(f"lieu-{place_id}", at, *LOOKS[role], note))
    return marks
