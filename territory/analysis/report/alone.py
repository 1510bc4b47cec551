"""Lines of people that no activity holds: placed by the commune they name, when they name one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.analysis.report.lines import filled
from territory.model.words import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

_PUBLICS = (":sexe", ":age")  # the same lines again, for the people whose sex or age is told


def at_communes(
    people: pd.DataFrame, contacts: pd.DataFrame, names: Mapping[str, str]
) -> pd.DataFrame:
    """
    Return the lines of `people_lines` with the commune of those that stand alone and name it.

    `contacts` (tables.CONTACTS) are those they come from, `names` the communes by code.
    """
    codes = {plain(name): code for code, name in names.items()}
    places = contacts.loc[contacts["activity_id"].isna(), "place_name"].dropna()
    named = {str(key): codes.get(plain(place)) for key, place in places.items()}
    alone = people["activity_id"].isna().to_numpy(dtype=bool)
    told = np.full(len(people), None, dtype=object)
    told[alone] = [named.get(_key(str(key))) for key in people.index[alone]]
    found = pd.Series(told, index=people.index, dtype="string")
    return people.assign(
        commune_code=filled(people["commune_code"], found),
        sensitive=people["sensitive"].mask(found.notna(), other=False),
    )


def _key(key: str) -> str:
    for end in _PUBLICS:
        key = key.removesuffix(end)
    return key
