"""Every received table read without writing anything: what the strict mode decides upon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.io.intake import read_counts, read_ground, read_logs, read_people_places

if TYPE_CHECKING:
    from territory.model.issues import Issue, ReadReport
    from territory.pipeline.workspace import Territory


def read_without_writing(territory: Territory) -> tuple[ReadReport, ...]:
    """Return the reports of all tables but the streets; raises what `read_sources` raises."""
    raw, settings = territory.raw, territory.settings
    ground = read_ground(raw, settings)
    communes, zones = ground.tables["communes"], ground.tables["zones"]
    people = read_people_places(raw, communes, settings)
    logs = read_logs(raw, communes, zones, people.tables["places"], settings)
    counts = read_counts(raw, settings)
    return (*ground.reports, *people.reports, *logs.reports, *counts.reports)


def faults(reports: tuple[ReadReport, ...]) -> list[Issue]:
    """Return the issues to correct (E-), whether their line was kept or refused."""
    return [i for report in reports for i in report.issues if i.code.startswith("E-")]
