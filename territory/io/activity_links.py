"""Activities tied to the places of the territory: by identifier, else by exact name."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from territory.model.issues import Issue
from territory.model.words import plain

if TYPE_CHECKING:
    from collections.abc import Collection

Told = tuple[str | None, str | None]  # the identifier of a partner and the name of a place


def link_activities(
    activities: gpd.GeoDataFrame, places: gpd.GeoDataFrame
) -> tuple[gpd.GeoDataFrame, list[Issue]]:
    """
    Return ACTIVITIES with `place_id` of PLACES, and their geometry and commune where absent.

    A place is found by its identifier, else by its exact normalised name when only one place has
    it. Unknown partners give E-REF (identifier emptied); an activity left without any location
    gives E-OU. Both tables in the same metric CRS, which is kept; neither is changed.
    """
    written, names = (
        activities[column].astype("object").where(activities[column].notna(), None)
        for column in ("place_id", "place_name")
    )
    told = list(zip(written, names, strict=True))
    place_of = _places_of(set(told), places)
    issues = [
        _unknown_partner(str(key), one[0])
        for key, one in zip(activities.index, told, strict=True)
        if one[0] is not None and place_of[one] is None
    ]
    found = pd.Series([place_of[one] for one in told], index=activities.index, dtype="string")
    linked = _completed(activities.assign(place_id=found), places)
    return linked, issues + _nowhere(activities, linked)


def _places_of(told: Collection[Told], places: gpd.GeoDataFrame) -> dict[Told, str | None]:
    """Return the place of each identifier and name as activities tell them, None for no place."""
    by_name, ids = _names(places), set(places.index)
    return {
        one: next((text if text in ids else by_name[plain(text)] for text in filter(None, one)
                   if text in ids or plain(text) in by_name), None)
        for one in told
    }  # fmt: skip


def _names(places: gpd.GeoDataFrame) -> dict[str, str]:
    keys = [plain(str(name)) for name in places["name"]]
    counts = Counter(keys)
    pairs = zip(keys, places.index, strict=True)
    return {key: str(place) for key, place in pairs if counts[key] == 1}


def _completed(linked: gpd.GeoDataFrame, places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    known = places.reindex(linked["place_id"]).set_axis(linked.index)
    commune = linked["commune_code"].fillna(known["commune_code"])
    secret = known["sensitive"].fillna(value=False).astype("boolean")
    own, other = (table.geometry.to_numpy(dtype=object) for table in (linked, known))
    points = np.where(pd.isna(own), other, own)
    points[pd.isna(points)] = None
    return linked.assign(
        commune_code=commune.astype("string"),
        sensitive=linked["sensitive"] | secret,
        geometry=gpd.GeoSeries(points, index=linked.index, crs=linked.crs),
    )


def _unknown_partner(key: str, written: str) -> Issue:
    problem = f"le partenaire « {written} » n'existe pas dans la feuille « partenaires »."
    return Issue(
        "E-REF", "activités", f"activité {key} : {problem}", "Corrigez l'identifiant.", kept=True
    )


def _nowhere(before: gpd.GeoDataFrame, linked: gpd.GeoDataFrame) -> list[Issue]:
    lost = linked.geometry.isna() & linked["commune_code"].isna() & linked["place_id"].isna()
    named = before["place_name"].notna() | before["place_id"].notna()
    problem = (
        "impossible de savoir où : le lieu écrit n'est ni un partenaire ni un lieu connu ; "
        "renseignez un partenaire, une commune ou des coordonnées."
    )
    remedy = "Ligne gardée pour les totaux, absente des cartes."
    keys = sorted(map(str, linked.index[(lost & named).to_numpy(dtype=bool)]))
    return [
        Issue("E-OU", "activités", f"activité {key} : {problem}", remedy, kept=True) for key in keys
    ]
