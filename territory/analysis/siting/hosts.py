"""Which places may host a permanence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

# Places with a room open to the public where people can sit down and talk.
HOST_KINDS = frozenset(
    {
        "association",
        "cap_emploi",
        "ccas",
        "centre_social",
        "club_prevention",
        "departement",
        "epicerie_solidaire",
        "espace_numerique",
        "foyer",
        "france_services",
        "france_travail",
        "mairie",
        "maison_emploi",
        "maison_quartier",
        "mediatheque",
        "mission_locale",
        "plie",
        "pmi_sante",
        "regie_quartier",
    }
)


def host_candidates(places: pd.DataFrame) -> list[str]:
    """Return the ids of places (tables.PLACES) that may host, sorted: able, open, not sensitive."""
    able = places["kind"].isin(HOST_KINDS)
    able &= places["fixed_point"].fillna(value=True).astype(bool)
    able &= ~places["sensitive"].fillna(value=False).astype(bool)
    able &= places["hosts_permanence"].fillna(value=True).astype(bool)
    able &= ~places["status"].isin(["refus", "inactive"])
    return [str(i) for i in sorted(places.index[able])]
