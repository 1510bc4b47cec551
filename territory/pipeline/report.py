"""From the files received to one report: lines, figures, a year before, guards, sources."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from territory.analysis.perimeters import lacking
from territory.analysis.report.alone import at_communes
from territory.analysis.report.asked import asked_for
from territory.analysis.report.counting import counted
from territory.analysis.report.findings import Findings
from territory.analysis.report.ground import ground_table, quarters_at
from territory.analysis.report.guards import Said, guards
from territory.analysis.report.lines import Lines, activity_lines, people_lines, within
from territory.analysis.report.noted import noted_by
from territory.analysis.report.partner_lines import partner_lines
from territory.analysis.report.rounding import rounded_together
from territory.analysis.report.spans import (
    for_span,
    ramp_up,
    span_before,
    span_of,
    whole_log,
)
from territory.analysis.residence import ResidenceRules, are_overseas, residence_classes
from territory.io.contact_links import gap_keys
from territory.io.report_profiles import read_profile
from territory.model.french_calendar import calendar_of
from territory.model.report import Source
from territory.pipeline.report_computed import computed

if TYPE_CHECKING:
    from datetime import date

    from territory.model.report import Span
    from territory.pipeline.workspace import Built

SOURCES = {
    "activities": "activités", "contacts": "contacts", "partners": "structures",
    "places": "lieux", "cells": "habitants par carreau", "zones": "quartiers",
}  # fmt: skip
LOG = frozenset({"activities", "contacts"})  # the tables where what was done is written
_MET = ("first_contact_on", "last_met_on")


def report_step(built: Built, asked: str = "", profile: str = "") -> Findings:
    """
    Count the span that `asked` names (the last year with activities by default) with a `profile`.

    `built` holds at least the sources read (`read_sources`). Raises WrongUsage as `span_of`,
    BadSettings as `read_profile`.
    """
    territory = built.territory
    period = asked or _last_year(built)
    span = span_of(period, territory.today, territory.settings.report.launch)
    return report_of_days(built, span, period, profile)


def report_of_days(built: Built, span: Span, period: str = "", profile: str = "") -> Findings:
    """
    Count the days of `span` as `report_step` does; `period` is how it was asked.

    Raises BadSettings as `read_profile`.
    """
    territory = built.territory
    said = territory.settings.report
    chosen = for_span(read_profile(profile or said.profile, territory.folder), span)
    earlier = span_before(span)
    zones, names = _zones(built), built.table("communes")["name"].to_dict()
    ground = ground_table(names, built.table("zones"), built.table("cells"))
    log = _log(built, zones, ground, span.last)
    lines, old = (_lines(built, log, days) for days in (span, earlier))
    names = _names(built, lines)
    other = computed(built, span, lines, log, zones)
    chosen = asked_for(chosen, other)
    figures = counted(chosen.countings, lines, names, said.entered, other)
    past = computed(built, earlier, old, log, zones, ahead=False)
    before = counted(asked_for(chosen, past).countings, old, names, {}, past)
    found = guards(chosen, figures, lines, _said(built, span, period))
    return Findings(
        chosen, span, figures, earlier, before, found, lines, _sources(built),
        " ".join(filter(None, [ramp_up(span, said.launch), _log_begins(built, earlier)])),
        rounded_together(chosen, figures, said),
    )  # fmt: skip


def _log_begins(built: Built, earlier: Span) -> str:
    """Return the sentence about a log that begins within, or after, the days compared with."""
    first = built.table("activities")["on"].min()
    if first is pd.NaT or first.date() <= earlier.first:
        return ""
    return (
        f"Le suivi commence le {first:%d/%m/%Y} : les nombres d’un an plus tôt ne sont pas ceux "
        "d’une période entière."
    )


def _last_year(built: Built) -> str:
    """Return the year of the last realised activity, that of today when there is none."""
    activities = built.table("activities")
    done = activities.loc[(activities["state"] == "realise").fillna(value=False), "on"]
    today = built.territory.today
    days = done[done.dt.date <= today]
    return str(days.max().year if len(days) else today.year)


def _names(built: Built, lines: Lines) -> dict[str, str]:
    """Return the names of communes, quarters and places by code."""
    ground = lines.ground["name"].dropna()
    return {**built.table("places")["name"].dropna().to_dict(), **ground.to_dict()}


def _zones(built: Built) -> pd.DataFrame:
    """Return the class and the quarter of the place of each activity, in straight line."""
    near = built.territory.settings.near
    overseas = are_overseas(map(str, built.table("communes").index))
    rules = ResidenceRules(near.near_m, near.sigma_m, near.no_qva, overseas)
    activities, zones = built.table("activities"), built.table("zones")
    found = residence_classes(activities, zones, rules)["residence"]
    return pd.DataFrame({
        "residence": found,
        "quarter": quarters_at(activities, zones, found),
        "lacking": lacking(activities, zones, rules, found),
    })  # fmt: skip


def _log(built: Built, zones: pd.DataFrame, ground: pd.DataFrame, last: date) -> Lines:
    """Return the lines of the whole log up to `last`: those of every span are among them."""
    places, contacts = built.table("places"), built.table("contacts")
    span = whole_log(last)
    activities = activity_lines(built.table("activities"), places, zones, span)
    names = ground.loc[ground["kind"] == "commune", "name"].dropna().to_dict()
    people = at_communes(people_lines(activities, contacts, span), contacts, names)
    return Lines(activities, people, partner_lines(places, last), ground)


def _lines(built: Built, log: Lines, span: Span) -> Lines:
    lines = within(log, span, partner_lines(built.table("places"), span.last))
    return replace(lines, noted=noted_by(built.table("activities"), built.table("contacts"), span))


def _said(built: Built, span: Span, period: str) -> Said:
    """Return what the team wrote itself, public holidays, and what reading the log showed."""
    report = built.territory.settings.report
    calendar = calendar_of(map(str, built.table("communes").index))
    days = built.table("activities")["on"].dropna().dt.date.unique()
    off = {str(d) for d in days if span.first <= d <= span.last and calendar.holiday(d)}
    issues = [i for read in built.reports if read.kind in LOG for i in read.issues]
    weekdays = sum(issue.code == "E-JOUR" for issue in issues)
    return Said(report.printed, report.listed, report.cohorts, frozenset(off), report, period,
                weekdays, gap_keys(issues))  # fmt: skip


def _sources(built: Built) -> tuple[Source, ...]:
    """Return the files that figures rest on, with their lines, their days and their hashes."""
    hashes = {file.name: file.sha256 for file in built.territory.raw.files}
    return tuple(
        Source(f"{report.file} ({SOURCES[report.kind]})", report.read, report.refused,
               hashes.get(report.file, ""), *_days(built, report.kind, report.file))
        for report in built.reports
        if report.kind in SOURCES and (report.read or report.refused)
    )  # fmt: skip


def _days(built: Built, kind: str, file: str) -> tuple[date | None, date | None]:
    """Return the first and the last day that the lines of a file tell, None when none does."""
    if kind in {"activities", "contacts"}:
        days = built.table(kind)["on"].dropna()
    elif kind in {"partners", "places"}:
        places = built.table("places")
        own = places.loc[places["source"] == file, list(_MET)]
        days = pd.concat([own[column] for column in _MET]).dropna()
    else:
        return None, None
    return (days.min().date(), days.max().date()) if len(days) else (None, None)
