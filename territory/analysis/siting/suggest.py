"""Where a new permanence would bring most people in reach, with a proof."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import scipy.sparse as sp

from territory.analysis.siting.cover import max_cover
from territory.model.results import Ending, Site, SitePlan

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


def suggest_sites(
    need: pd.DataFrame,
    minutes: pd.DataFrame,
    places: pd.DataFrame,
    permanences: pd.DataFrame,
    *,
    limit_min: float,
    add: int,
) -> SitePlan:
    """
    Suggest `add` places for a permanence, counting only target residents not yet in reach.

    `need` is that of `cell_need`, `minutes` [cell_id x place_id] has inf = out of reach,
    `limit_min` is minutes on foot. Candidates are fixed, not sensitive, have not refused, and are
    of a kind that can host; existing permanences stay. Sites that bring nobody are dropped; the
    bound is the target residents (people) in reach that no other choice exceeds (`max_cover`).
    """
    target = need["target"].astype(float).fillna(0.0).sort_index()
    near = minutes.reindex(target.index).le(limit_min)
    hosts = sorted(set(permanences["place_id"]) & set(near.columns))
    served = near[hosts].any(axis="columns")
    names = [n for n in host_candidates(places) if n in near.columns and n not in hosts]
    covers = near[names].to_numpy()
    weights = target.where(~served, 0.0).to_numpy()
    count = min(add, len(names))
    outcome = max_cover(weights, sp.csr_matrix(covers), count)
    before = float(target[served].sum())
    sites = _sites([names[j] for j in outcome.chosen], near, target, served, places)
    short = Ending.IMPOSSIBLE if not names and add else outcome.ending
    described = tuple(_described(s, limit_min) for s in sites)
    return SitePlan(described, limit_min, short, before + outcome.bound)


def host_candidates(places: pd.DataFrame) -> list[str]:
    """Return the ids of places (tables.PLACES) that may host, sorted: able, open, not sensitive."""
    able = places["kind"].isin(HOST_KINDS)
    able &= places["fixed_point"].fillna(value=True).astype(bool)
    able &= ~places["sensitive"].fillna(value=False).astype(bool)
    able &= places["hosts_permanence"].fillna(value=True).astype(bool)
    able &= ~places["status"].isin(["refus", "inactive"])
    return [str(i) for i in sorted(places.index[able])]


def _sites(
    names: list[str], near: pd.DataFrame, target: pd.Series, served: pd.Series, places: pd.DataFrame
) -> list[Site]:
    """Order the chosen places by what each still brings; those that bring nothing are dropped."""
    sites: list[Site] = []
    left = list(names)
    while left:
        gains = {n: float(target[near[n] & ~served].sum()) for n in left}
        best = min(left, key=lambda n: (-gains[n], n))
        if gains[best] <= 0:
            break
        left.remove(best)
        before = float(target[served].sum())
        served = served | near[best]
        row = places.loc[best]
        code = None if row.isna()["commune_code"] else str(row["commune_code"])
        sites.append(Site(len(sites) + 1, best, str(row["name"]), str(row["kind"]), code,
                          gains[best], before, float(target[served].sum()), float(target.sum()),
                          ""))  # fmt: skip
    return sites


def _described(site: Site, limit_min: float) -> Site:
    def share(value: float) -> str:
        return f"{100 * value / site.target_total:.1f}".replace(".", ",") + "\u202f%"

    people = f"{site.gained_target:,.0f}".replace(",", "\u202f")
    return replace(
        site,
        reason=f"Une permanence ici met environ {people} personnes de plus à moins de "
        f"{limit_min:.0f}\u202fmin à pied : la part du public à portée passe de "
        f"{share(site.covered_before)} à {share(site.covered_after)}.",
    )
