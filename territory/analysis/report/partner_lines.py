"""Partner structures as they stood at the end of a span: listed, contacted, met."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from territory.analysis.partners import reached

if TYPE_CHECKING:
    from datetime import date

LISTED, CONTACTED, MET = "recensee", "contactee", "rencontree"


def partner_lines(places: pd.DataFrame, last: date) -> pd.DataFrame:
    """
    Return the structures of PLACES that have a status, on place_id, with the furthest `step`.

    A day after `last` is not known yet: a structure met later was, at that day, contacted or
    listed. A status without a day holds whenever the report ends.
    """
    end = pd.Timestamp(last)
    known = places.assign(
        first_contact_on=places["first_contact_on"].where(places["first_contact_on"] <= end),
        last_met_on=places["last_met_on"].where(places["last_met_on"] <= end),
    )
    contacted, met = reached(known)
    step = pd.Series(LISTED, index=contacted.index, dtype="string")
    step = step.mask(contacted, CONTACTED).mask(met, MET)
    ours = pd.DataFrame(known.loc[step.index].drop(columns="geometry", errors="ignore"))
    return ours.assign(step=step)
