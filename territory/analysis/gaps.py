"""Zones where need is high, access poor and contacts few: found, ranked, named and explained."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import scipy

from territory.analysis.gates import eligible, lived_in, openness
from territory.analysis.local_g import local_g
from territory.analysis.scan.missed import MissedScan, MissedZone, missed_scan
from territory.analysis.scan.poisson import poisson_scan
from territory.analysis.zone_names import main_streets, numbered, zone_name
from territory.analysis.zone_reasons import change_of, flip_of, reasons_of, verdict_of
from territory.model.results import Doubt, Gap, Reason, Verdict
from territory.model.walks import Walks, walks_of

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.typing import NDArray

    from territory.settings import Gaps

__all__ = [
    "cell_scores",
    "described",
    "gap_scan",
    "gap_table",
    "local_g",
    "poisson_scan",
    "searched_share",
    "underserved",
]

ASSUMED = 100.0  # contacts shared by need when no outing was counted at all
_NO_REASON = (Reason("", "", 0), Reason("", "", 0), Reason("", "", 0))


def underserved(  # noqa: PLR0913, PLR0917 - the tables stay apart, as the products are
    need: pd.DataFrame,
    access: pd.DataFrame,
    effort: pd.DataFrame,
    minutes_cells: pd.DataFrame | Walks,
    cells: gpd.GeoDataFrame,
    zones: gpd.GeoDataFrame,
    communes: gpd.GeoDataFrame,
    *,
    settings: Gaps,
    streets: gpd.GeoDataFrame | None = None,
    seed: int = 0,
) -> tuple[Gap, ...]:
    """
    Rank the zones where missing contacts, distance and need meet.

    `need`, `access` and `effort` come from `cell_need`, `cell_access` and `cell_effort`;
    `minutes_cells` [cell_id x cell_id] are minutes on foot, inf = out of reach; `cells`, `zones`
    and `communes` keep their contracts in one metric CRS, `streets` has name and geometry (None:
    zones are not named after streets). Expected contacts follow the need only, never distance.
    Zones are the leading windows of `missed_scan` over the cells that pass the gates
    (`gates.eligible`), without overlap; those that expect too few contacts come last, as « données
    insuffisantes ». Without any contact counted, all zones do. A reason's weight is its part of
    the score (`zone_reasons`). Order of the rows is indifferent; same seed, same zones.
    """
    table = gap_table(need, access, effort, cells)
    scan = gap_scan(table, minutes_cells, settings=settings, seed=seed)
    return described(scan, table, (cells, zones, communes), settings=settings, streets=streets)


def described(
    scan: MissedScan,
    table: pd.DataFrame,
    layers: tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, gpd.GeoDataFrame],
    *,
    settings: Gaps,
    streets: gpd.GeoDataFrame | None = None,
) -> tuple[Gap, ...]:
    """
    Return the zones of `gap_scan`, ranked, named, explained.

    `layers` are cells, zones and communes, and `streets` those of `underserved`, in one metric CRS.
    """
    cells, zones, communes = layers
    shapes = cells.geometry.reindex(table.index)
    found = [_gap(zone, table, scan, settings) for zone in scan.zones]
    found.sort(key=lambda g: g.verdict is Verdict.TOO_LITTLE)  # by score otherwise
    named = [_named(g, table, shapes, (zones, communes, streets)) for g in found[: settings.count]]
    names = numbered([g.name for g in named])
    return tuple(
        replace(g, rank=i, name=n) for i, (g, n) in enumerate(zip(named, names, strict=True), 1)
    )


def gap_table(
    need: pd.DataFrame, access: pd.DataFrame, effort: pd.DataFrame, cells: gpd.GeoDataFrame
) -> pd.DataFrame:
    """
    Return what is known of each cell (CELLS, any CRS) side by side, sorted by cell_id.

    Needs residents, target, minutes_permanence, contacts, expected, months_since; other columns
    are kept. Where no contact was counted at all, `expected` shares ASSUMED contacts by need.
    """
    left = need.drop(columns=["contacts", "commune_code"], errors="ignore").sort_index()
    right = access.drop(columns=left.columns, errors="ignore")
    table = left.join(right, how="left")
    table = table.join(effort.drop(columns=table.columns, errors="ignore"), how="left")
    table["minutes_permanence"] = table["minutes_permanence"].astype(float).fillna(np.inf)
    table["commune_code"] = cells["commune_code"].reindex(table.index)
    target = table["target"].astype(float).fillna(0.0)
    table["counted"] = bool(table["contacts"].fillna(0.0).sum() > 0)
    if not table["counted"].any() and target.sum() > 0:
        table["expected"] = ASSUMED * target / target.sum()
    return table


def gap_scan(
    table: pd.DataFrame, minutes_cells: pd.DataFrame | Walks, *, settings: Gaps, seed: int = 0
) -> MissedScan:
    """
    Return the scan of the cells of `gap_table`; `minutes_cells` [cell_id x cell_id], minutes.

    Cells that belong to no commune are learnt from but never found.
    """
    walks = walks_of(minutes_cells).among(table.index, table.index)
    within = table["commune_code"].notna().to_numpy() | table["commune_code"].isna().all()
    may = eligible(table, access_min=settings.access_min, level=settings.need_level) & within
    counted = bool(table["counted"].any())
    return missed_scan(
        table["contacts"] if counted else np.zeros(len(table)),
        table["expected"],
        walks,
        table["minutes_permanence"],
        eligible=may,
        lived=lived_in(table),
        limit_min=settings.window_min,
        max_share=settings.max_share,
        count=3 * settings.count,  # thin ones stand behind the others
        simulations=settings.simulations if counted else 0,
        seed=seed,
    )


def searched_share(table: pd.DataFrame, *, settings: Gaps) -> float:
    """
    Return the share, 0-1, of the target of `gap_table` that lives where zones are searched.

    Elsewhere a permanence is near, or the need low: nothing is ever said missing there.
    """
    may = eligible(table, access_min=settings.access_min, level=settings.need_level)
    target = table["target"].astype(float).fillna(0.0)
    return float(target[may].sum() / target.sum()) if target.sum() > 0 else 0.0


def cell_scores(table: pd.DataFrame, scan: MissedScan, *, settings: Gaps) -> pd.DataFrame:
    """
    Return how each cell of `gap_table` ranks: lack (best score of a window), priority (0-100).

    Priority is the percentile of two ranks added: that of `lack`, and that of P(below half) through
    the softened gates; both had power on planted zones (docs/zones.md).
    """
    gate = openness(table, access_min=settings.access_min, level=settings.need_level)
    below = table["p_below_half"].astype(float).fillna(0.0).to_numpy() * gate
    both = scipy.stats.rankdata(scan.cover) + scipy.stats.rankdata(below)
    priority = 100 * scipy.stats.rankdata(both) / max(len(both), 1)
    return pd.DataFrame({"lack": scan.cover, "priority": priority}, index=table.index)


def _gap(zone: MissedZone, table: pd.DataFrame, scan: MissedScan, settings: Gaps) -> Gap:
    rows = table.iloc[list(zone.members)]
    target = rows["target"].astype(float).fillna(0.0)
    expected = zone.expected if bool(rows["counted"].iloc[0]) else 0.0
    verdict = verdict_of(
        expected, zone.ratio.p_below_half, zone.p_value, least=settings.min_expected
    )
    since = _median(rows["months_since"].astype(float).fillna(np.inf), target)
    gap = Gap(
        rank=0,
        zone_id=f"Z-{target.idxmax()}",
        name="",
        commune_code=_commune(rows, target),
        cells=tuple(sorted(rows.index)),
        residents=float(rows["residents"].sum()),
        target=float(target.sum()),
        minutes=_median(rows["minutes_permanence"], target),
        contacts=zone.observed,
        expected=expected,
        months_since=since,
        p_below_half=zone.ratio.p_below_half,
        score=zone.score,
        verdict=verdict,
        reasons=_NO_REASON,
        doubt=_doubt(zone, rows, verdict, scan, settings, expected),
    )
    residents = table["residents"].astype(float)
    share = gap.residents / residents.sum() if residents.sum() > 0 else 0.0
    by_residents = share * float(table["expected"].sum())
    return replace(gap, reasons=reasons_of(gap, zone.expected, by_residents))


def _doubt(
    zone: MissedZone,
    rows: pd.DataFrame,
    verdict: Verdict,
    scan: MissedScan,
    settings: Gaps,
    expected: float,
) -> Doubt:
    flip = flip_of(zone, verdict, zone.variance, scan.chance)
    return Doubt(
        p_value=zone.p_value,
        ratio=zone.ratio.median,
        ratio_low=zone.ratio.low,
        ratio_high=zone.ratio.high,
        usual=zone.usual,
        deviation=zone.deviation,
        percentile=_mean(rows, "percentile"),
        percentile_low=_mean(rows, "percentile_low"),
        percentile_high=_mean(rows, "percentile_high"),
        flip=flip,
        change=change_of(
            verdict, flip, expected, settings.min_expected, zone.observed / zone.expected
        ),
        edge=bool(rows["edge"].any()) if "edge" in rows else False,
    )


def _mean(rows: pd.DataFrame, column: str) -> float | None:
    """Return the mean of a column weighted by target; None when not known."""
    if column not in rows:
        return None
    known = rows[column].notna() & (rows["target"] > 0)
    if not known.any():
        return None
    return float(
        np.average(rows.loc[known, column].astype(float), weights=rows.loc[known, "target"])
    )


def _median(values: pd.Series, weight: pd.Series) -> float | None:
    """Return the median by weight; None when it is infinite: out of reach, never."""
    order = values.sort_values(kind="stable")
    summed = weight[order.index].cumsum()
    middle = float(order[summed >= summed.iloc[-1] / 2].iloc[0])
    return middle if np.isfinite(middle) else None


def _commune(rows: pd.DataFrame, target: pd.Series) -> str | None:
    sums = target.groupby(rows["commune_code"]).sum()
    return None if sums.empty else str(sums.idxmax())


def _named(
    gap: Gap,
    table: pd.DataFrame,
    shapes: gpd.GeoSeries,
    around: tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, gpd.GeoDataFrame | None],
) -> Gap:
    zones, communes, streets = around
    members = list(gap.cells)
    own: NDArray[np.object_] = shapes[members].to_numpy()
    names = main_streets(own, streets)
    target = table.loc[members, "target"].astype(float).fillna(0.0).to_numpy()
    name = zone_name(own, target, gap.commune_code, zones, communes, names)
    return replace(gap, name=name, streets=names)
