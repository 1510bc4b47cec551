"""One SQL query for each code of each profile: whole, parts, denominators, numbers of lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

HERE = Path(__file__).parent
_CLOSING = re.compile(r"^-- (\w+)$", re.MULTILINE)
_STAGES = re.compile(r"stage (?:= '(\w+)'|IN \(([^)]*)\))")
_READ = {"sexes": "sexe", "ages": "age", "done": "activites", "noted": "activites"}
_QUERY = re.compile(r"^-- (\w+): (\w+)( whole)?(?: of ([\w ]+))?$", re.MULTILINE)
# What the tables of a log do not tell: each judged by tests of its own.
WALKED = "walking distances: judged by Dijkstra (test_walk_figures)"
AHEAD = "year foreseen: judged by hand and by simulated years (benchmarks/report_forecast)"
OPENED = "before and after an opening: by hand and by simulated months (same)"
ELSEWHERE = {
    **dict.fromkeys(("S7", "S8", "S11"), WALKED),
    **dict.fromkeys(("OBJ", "OBJr", "OBJp", "OBJc", "OBJo", "OBJn"), AHEAD),
    **dict.fromkeys(("OUV", "OUVa", "OUVb", "OUVc", "OUVd", "OUVr", "OUVs"), OPENED),
}


@dataclass(frozen=True)
class Query:
    """
    The lines that a definition counts (key, n), and how they close (closings.sql).

    `whole_only` leaves the parts out; `of` is what the whole is a share of, or the two figures
    that a ratio divides.
    """

    code: str
    closing: str
    whole_only: bool
    of: tuple[str, ...]
    lines: str

    @property
    def about(self) -> frozenset[str]:
        """What of a log it counts: stages, or whichever table it reads."""
        stages = " ".join(one or several for one, several in _STAGES.findall(self.lines))
        tables = re.findall(r"FROM (\w+)", self.lines)
        return frozenset(re.findall(r"\w+", stages) or [_READ[t] for t in tables if t in _READ])


def queries(profile: str) -> dict[str, Query]:
    """Return the queries of one profile by code."""
    parts = _QUERY.split((HERE / "queries" / f"{profile}.sql").read_text(encoding="utf-8"))[1:]
    return {
        code: Query(code, closing, bool(whole), tuple((of or "").split()), text.strip())
        for code, closing, whole, of, text in zip(*(parts[at::5] for at in range(5)), strict=True)
    }


def counted_again(base: duckdb.DuckDBPyConnection, profiles: Sequence[str]) -> pd.DataFrame:
    """Return on the names of figures: value, over, used, uncounted, as SQL counts them."""
    base.execute((HERE / "lines.sql").read_text(encoding="utf-8"))
    closings = _closings()
    noted = {what for (what,) in base.execute("FROM ever_noted").fetchall()}
    found: dict[str, pd.DataFrame] = {}
    for query in (q for profile in profiles for q in queries(profile).values()):
        if query.closing == "ratio":
            found[query.code] = _ratio(query, found)
            continue
        base.execute(f"CREATE OR REPLACE TEMP VIEW lines AS {query.lines}")
        table = base.execute(closings[query.closing]).df().set_index("part")
        table = table.loc[[""]] if query.whole_only else table
        if query.about and not noted & query.about and not table.loc["", "used"]:
            table["value"] = table["value"].astype("float64").mask(table.index == "")
        if query.of:
            table["over"] = table["over"].astype("float64")
            table.loc["", "over"] = found[query.of[0]].loc["", "value"]
        found[query.code] = table
    rows = pd.concat(found)
    names = [f"{code}/{part}" if part else code for code, part in rows.index]
    return rows.set_axis(names).astype("Float64").astype("float64")


def gaps_again(base: duckdb.DuckDBPyConnection) -> dict[str, float]:
    """Return the median days between two days of visit, by part of S6 (after counted_again)."""
    table = base.execute((HERE / "gaps.sql").read_text(encoding="utf-8")).df()
    return dict(zip(table["part"], table["days"].astype(float), strict=True))


def _closings() -> dict[str, str]:
    parts = _CLOSING.split((HERE / "closings.sql").read_text(encoding="utf-8"))[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def _ratio(query: Query, found: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the ratio of two wholes, unknown when one is, is nought below, or misses counts."""
    above, below = (found[code].loc[""] for code in query.of)
    missing = above["uncounted"] or below["uncounted"] or pd.isna(above["value"])
    over = below["value"] if below["value"] > 0 and not missing else None
    value = above["value"] / over if over else None
    row = {"value": value, "over": over, "used": 0, "uncounted": 0}
    return pd.DataFrame([row], index=pd.Index([""], name="part")).astype("float64")
