"""From the log to what is exchanged with other software, and back: counts, never people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from territory.analysis.exchange import KEYS, exchanged
from territory.analysis.report.alone import at_communes
from territory.analysis.report.lines import activity_lines, people_lines
from territory.analysis.report.spans import span_of
from territory.io.exchange_file import Counted
from territory.model.report import Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from territory.pipeline.workspace import Built


def exchange_step(built: Built, asked: str = "") -> tuple[pd.DataFrame, int]:
    """
    Return what the log counts of orientations, entries and exits (`exchanged`), and counts missing.

    `asked` is a span as for a report, the whole log without. Raises WrongUsage as `span_of`.
    """
    activities, contacts = built.table("activities"), built.table("contacts")
    span = _span(built, asked)
    zones = pd.DataFrame({"residence": pd.NA, "quarter": pd.NA}, index=activities.index)
    lines = activity_lines(activities, built.table("places"), zones, span)
    people = at_communes(people_lines(lines, contacts, span), contacts, commune_names(built))
    return exchanged(people)


def commune_names(built: Built) -> dict[str, str]:
    """Return the names of the communes of a territory by code."""
    names: dict[str, str] = built.table("communes")["name"].dropna().to_dict()
    return names


def counts_of(table: pd.DataFrame, names: Mapping[str, str]) -> dict[Counted, int]:
    """Return the rows of `exchanged` as counts to write, communes by name."""
    return {
        Counted(pd.Timestamp(f"{month}-01").date(), stage, names.get(commune, ""), structure, end):
        int(people)
        for month, stage, commune, structure, end, people in table.itertuples(index=False)
    }  # fmt: skip


def table_of(counts: Mapping[Counted, int], names: Mapping[str, str]) -> pd.DataFrame:
    """Return counts read from a file as `exchanged` gives them, communes by code."""
    codes = {name: code for code, name in names.items()}
    rows = [
        (f"{c.month:%Y-%m}", c.stage, codes.get(c.commune, ""), c.structure, c.outcome, people)
        for c, people in counts.items()
    ]
    return pd.DataFrame(rows, columns=[*KEYS, "people"])


def _span(built: Built, asked: str) -> Span:
    if asked:
        report = built.territory.settings.report
        return span_of(asked, built.territory.today, report.launch)
    days = pd.concat([built.table(name)["on"] for name in ("activities", "contacts")]).dropna()
    today = built.territory.today
    if days.empty:
        return Span(today, today, "tout le suivi")
    return Span(days.min().date(), min(days.max().date(), today), "tout le suivi")
