"""Zones where need is high, access poor and contacts few: drawn, ranked, and explained."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from territory.analysis.shrinkage import posterior_below, prior_shape
from territory.model.results import Gap, Reason, Verdict

if TYPE_CHECKING:
    import geopandas as gpd

    from territory.settings import Gaps

HALF_MIN = 10.0  # walk at which access is worth one half
PROBABLE_FROM = 0.8  # exceedance rule of Richardson et al. 2004
TRIES = 3  # zones drawn for one shown, so that thin ones can stand behind the others
TOUCH_M, NEAR_M = 1.0, 800.0
LIKE_SEED = 0.4  # a cell joins a zone when its merit is at least that share of the seed's
MIN_SHARE = 0.005  # a zone with less of all the need than that is not worth an outing
FEW = 5  # counts of people from 1 to 4 are shown « moins de 5 »
PARTS = ["besoin", "acces", "effort"]
THIN = "\u202f"


def underserved(  # noqa: PLR0913, PLR0917 - the tables stay apart, as the products are
    need: pd.DataFrame,
    access: pd.DataFrame,
    effort: pd.DataFrame,
    minutes_cells: pd.DataFrame,
    cells: gpd.GeoDataFrame,
    zones: gpd.GeoDataFrame,
    communes: gpd.GeoDataFrame,
    *,
    settings: Gaps,
) -> tuple[Gap, ...]:
    """
    Rank the zones where missing contacts, distance and need meet.

    `need`, `access` and `effort` come from `cell_need`, `cell_access` and `cell_effort`;
    `minutes_cells` [cell_id x cell_id] are minutes on foot, inf = out of reach; `cells`, `zones`
    and `communes` keep their contracts in one metric CRS. Cell score = besoin (percentile / 100) x
    acces (1 - 2^-(t / 10 min)^2, 1 out of reach) x effort (posterior P(contacts < half of the
    expected)). From the best cells, zones grow over touching cells within `window_min` on foot of
    the seed whose merit is like the seed's, up to `max_share` of all target (one cell at least),
    without overlap.

    The zone's score is the product of its own three parts; a reason's weight is the share of the
    score in proportion to its part, so weights add up to the score. A zone is « probable » from a
    posterior of 0.8 on (exceedance rule of Richardson et al. 2004); zones expecting too few
    contacts come last, as « données insuffisantes ».
    """
    table = _scored(need, access, effort)
    table["commune_code"] = cells["commune_code"].reindex(table.index)
    shape = prior_shape(table["contacts"], table["expected"])
    shapes = cells.geometry.reindex(table.index)
    walks = minutes_cells.reindex(index=table.index, columns=table.index).fillna(np.inf)
    least = MIN_SHARE * float(table["target"].sum())
    found = [
        _gap(seed, table.loc[members], shape, settings)
        for seed, members in _zones(table, walks, _touching(shapes), settings)
        if float(table.loc[members, "target"].sum()) >= least
    ]
    found.sort(key=lambda g: (g.verdict is Verdict.TOO_LITTLE, -g.score, g.zone_id))
    kept = found[: settings.count]
    names = _numbered([_name(g, table, shapes, zones, communes) for g in kept])
    return tuple(
        replace(g, rank=i, name=n) for i, (g, n) in enumerate(zip(kept, names, strict=True), 1)
    )


def _scored(need: pd.DataFrame, access: pd.DataFrame, effort: pd.DataFrame) -> pd.DataFrame:
    left = need.drop(columns="contacts", errors="ignore").sort_index()
    table = left.join(access, how="left").join(effort, how="left")
    walk = table["minutes_permanence"].astype(float).fillna(np.inf)
    table["minutes_permanence"] = walk
    table["besoin"] = table["percentile"] / 100
    table["acces"] = 1 - 0.5 ** ((walk / HALF_MIN) ** 2)
    table["effort"] = table["p_below_half"]
    table["cell_score"] = table[PARTS].prod(axis="columns", skipna=False).fillna(0.0)
    return table


def _touching(shapes: gpd.GeoSeries) -> dict[str, set[str]]:
    grown = shapely.buffer(shapes.to_numpy(), TOUCH_M)
    left, right = shapely.STRtree(grown).query(grown, predicate="intersects")
    links: dict[str, set[str]] = {c: set() for c in shapes.index}
    for a, b in zip(left, right, strict=True):
        if a != b:
            links[shapes.index[a]].add(shapes.index[b])
    return links


def _zones(
    table: pd.DataFrame, walks: pd.DataFrame, links: dict[str, set[str]], settings: Gaps
) -> list[tuple[str, list[str]]]:
    eligible = table[(table["cell_score"] > 0) & (table["target"] > 0)]
    merit = eligible["cell_score"] * eligible["target"]
    seeds = sorted(eligible.index, key=lambda c: (-merit[c], c))
    ceiling = settings.max_share * float(table["target"].sum())
    free = set(eligible.index)
    found: list[tuple[str, list[str]]] = []
    for seed in seeds:
        if seed in free and len(found) < TRIES * settings.count:
            row = walks.loc[seed]
            window = {c for c in free if row[c] <= settings.window_min}
            members = _grow(seed, window, links, merit, (table["target"], ceiling))
            free -= set(members)
            found.append((seed, members))
    return found


def _grow(
    seed: str,
    window: set[str],
    links: dict[str, set[str]],
    merit: pd.Series,
    limit: tuple[pd.Series, float],
) -> list[str]:
    target, ceiling = limit
    floor = LIKE_SEED * float(merit[seed])
    window = {c for c in window if merit[c] >= floor}
    members, total = {seed}, float(target[seed])
    while True:
        border = {c for m in members for c in links[m]} & window - members
        fitting = [c for c in border if total + float(target[c]) <= ceiling]
        if not fitting:
            return sorted(members)
        best = min(fitting, key=lambda c: (-merit[c], c))
        members.add(best)
        total += float(target[best])


def _gap(seed: str, rows: pd.DataFrame, shape: float, settings: Gaps) -> Gap:
    target, minutes = rows["target"], _median(rows["minutes_permanence"], rows["target"])
    observed, expected = float(rows["contacts"].sum()), float(rows["expected"].sum())
    below = float(posterior_below(observed, expected, shape))
    parts = [float((rows[p] * target).sum() / target.sum()) for p in PARTS[:2]] + [below]
    score = float(np.prod(parts))
    since = rows["months_since"].astype(float).min()
    gap = Gap(
        rank=0,
        zone_id=f"Z-{seed}",
        name="",
        commune_code=_commune(rows),
        cells=tuple(rows.index),
        residents=float(rows["residents"].sum()),
        target=float(target.sum()),
        minutes=minutes,
        contacts=observed,
        expected=expected,
        months_since=None if pd.isna(since) else float(since),
        p_below_half=below,
        score=score,
        verdict=_verdict(expected, below, settings),
        reasons=(Reason("", "", 0), Reason("", "", 0), Reason("", "", 0)),
    )
    weights = [score * p / sum(parts) if score else 0.0 for p in parts]
    said = _sentences(gap, 100 * parts[0])
    first, second, third = (Reason(k, s, w) for k, s, w in zip(PARTS, said, weights, strict=True))
    return replace(gap, reasons=(first, second, third))


def _verdict(expected: float, below: float, settings: Gaps) -> Verdict:
    if expected < settings.min_expected:
        return Verdict.TOO_LITTLE
    return Verdict.PROBABLE if below >= PROBABLE_FROM else Verdict.TO_CHECK


def _median(minutes: pd.Series, weight: pd.Series) -> float | None:
    order = minutes.sort_values(kind="stable")
    summed = weight[order.index].cumsum()
    middle = float(order[summed >= summed.iloc[-1] / 2].iloc[0])
    return middle if np.isfinite(middle) else None


def _commune(rows: pd.DataFrame) -> str | None:
    sums = rows.groupby("commune_code")["target"].sum()
    return None if sums.empty else str(sums.idxmax())


def _sentences(gap: Gap, percentile: float) -> tuple[str, str, str]:
    walk = (
        f"La permanence la plus proche est à {_figure(gap.minutes)}{THIN}min à pied."
        if gap.minutes is not None
        else "Aucune permanence n'est à portée de marche."
    )
    return (
        f"Environ {_figure(gap.target)} personnes du public y vivent, une densité plus forte que "
        f"dans {_figure(percentile)}{THIN}% des carreaux du territoire.",
        walk,
        f"{_people(gap.contacts)} à proximité pour environ {_figure(gap.expected)} "
        f"attendues ; {_last(gap.months_since)}.",
    )


def _people(count: float) -> str:
    if count < 0.5:  # noqa: PLR2004 - rounds to nobody
        return "Aucune personne informée"
    return f"{'Moins de 5' if count < FEW else _figure(count)} personnes informées"


def _last(months: float | None) -> str:
    if months is None:
        return "aucune sortie à proximité sur la période"
    if months < 1:
        return "dernière sortie à proximité il y a moins d'un mois"
    return f"dernière sortie à proximité il y a {_figure(months)} mois"


def _figure(value: float, digits: int = 0) -> str:
    text = f"{value:,.{digits}f}".replace(",", THIN).replace(".", ",")
    return text.removesuffix(",0")


def _name(
    gap: Gap,
    table: pd.DataFrame,
    shapes: gpd.GeoSeries,
    zones: gpd.GeoDataFrame,
    communes: gpd.GeoDataFrame,
) -> str:
    members = list(gap.cells)
    own, target = shapes[members].to_numpy(), table.loc[members, "target"].to_numpy(float)
    quarters = zones[zones["kind"] == "qpv"].sort_index()
    labels = [str(c) if pd.isna(n) else str(n) for c, n in quarters["name"].items()]
    whole = shapely.union_all(own)
    near: list[tuple[float, str]] = []
    for label, quarter in zip(labels, quarters.geometry, strict=True):
        inside = shapely.area(shapely.intersection(own, quarter)) / shapely.area(own)
        if float((inside * target).sum()) >= gap.target / 2:
            return label
        near.append((float(shapely.distance(whole, quarter)), label))
    distance, label = min(near, default=(np.inf, ""))
    if distance > NEAR_M and gap.commune_code in communes.index:
        label = str(communes.loc[gap.commune_code, "name"])
    return f"Près de « {label} »" if label else "Secteur sans nom"


def _numbered(names: list[str]) -> list[str]:
    totals, seen, out = Counter(names), Counter[str](), []
    for name in names:
        seen[name] += 1
        out.append(f"{name} ({seen[name]})" if totals[name] > 1 else name)
    return out
