"""The main job: receive files, check, build, list the zones, plan the week."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from territory.analysis.freshness import fact_freshness
from territory.commands.answer import Answer
from territory.commands.building import built_with_progress
from territory.commands.telling import telling
from territory.endings import DONE, REFUSED
from territory.errors import TerritoryError
from territory.io.layers import unknown_layers
from territory.io.raw_folder import add_raw, raw_folder
from territory.io.recognise import Source, recognise
from territory.io.table_writer import write_refused
from territory.model.issues import Issue, ReadReport, shown
from territory.model.jsonable import to_json
from territory.model.progress import Part, go_on
from territory.outputs.account import (
    passage_account,
    searched_account,
    zones_account,
)
from territory.outputs.effort_account import unvisited_account, unvisited_rows
from territory.outputs.reading_account import facts_account, reading_account
from territory.outputs.week_account import week_account
from territory.pipeline.deliver import account, deliver
from territory.pipeline.effort import unvisited_for
from territory.pipeline.gap_views import gaps_of
from territory.pipeline.sources import read_sources
from territory.pipeline.strict import faults, read_without_writing
from territory.pipeline.week import week_step
from territory.pipeline.workspace import Territory, next_week, open_territory

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from territory.model.progress import ProgressReporter
    from territory.model.week_results import WeekPlan
    from territory.pipeline.workspace import Built


def add(folder: Path, files: Sequence[Path], origin: str, licence: str) -> Answer:
    """
    Recognise each file and take it into data/raw; refused ones are named, others kept.

    The code is REFUSED as soon as one is. Raises BadSettings or UnreadableFile as `open_territory`.
    """
    open_territory(folder)
    rows = [_added(folder, path, origin, licence) for path in files]
    lines = [f"{row['fichier']} : {row['resultat']}" for row in rows]
    lines.append(f"Vérifiez maintenant la lecture : territory check {folder}")
    return Answer({"fichiers": rows}, lines, DONE if all(r["ajoute"] for r in rows) else REFUSED)


def check(folder: Path, strict: bool = False) -> Answer:  # noqa: FBT001, FBT002 - a flag
    """
    Read every received file again; refused rows are written without their values.

    The code is REFUSED when rows were. When `strict`, one fault (E-) is enough to stop before
    anything is written. Raises BadSettings, and what `read_sources` raises.
    """
    if strict:
        reports = read_without_writing(open_territory(folder))
        if faults(reports):
            return _strictly_refused(reports)
    built = read_sources(open_territory(folder))
    received = [kind for file in built.territory.raw.files for kind, _ in file.sources]
    account = reading_account(built.reports, received)
    limits, today = built.territory.settings.freshness.limits, built.territory.today
    judged = fact_freshness(built.table("facts"), limits, today)
    account += facts_account(judged)
    lines = [*_report_lines(built.reports), *account, *_write_refused(built)]
    refused = any(report.refused for report in built.reports)
    rows = [to_json(report) for report in built.reports]
    levels = {code: {str(k): int(n) for k, n in one["level"].value_counts().sort_index().items()}
              for code, one in judged.groupby("fact")}  # fmt: skip
    value = {"lectures": rows, "fraicheur": levels}
    return Answer(value, lines, REFUSED if refused else DONE, built.reports)


def _strictly_refused(reports: tuple[ReadReport, ...]) -> Answer:
    count = len(faults(reports))
    many = "s" if count > 1 else ""
    lines = [
        *shown(faults(reports)),
        f"Mode strict : {count} défaut{many} à corriger ; rien n'a été écrit.",
    ]
    value = {"lectures": [to_json(report) for report in reports]}
    return Answer(value, lines, REFUSED, reports)


def build(folder: Path, seed: int | None, progress: ProgressReporter | None = None) -> Answer:
    """
    Compute every product up to the sites; the answer gives the hash of each.

    `progress` is told where it is (None: this terminal). Raises BadSettings, and what
    `pipeline.steps.build` raises.
    """
    built = built_with_progress(folder, seed, progress=progress)
    lines = [*_report_lines(built.reports), *built.products["40_walk"].facts["audit"]]
    lines += passage_account(built.products["45_passage"].facts["purposes"], built.calibration)
    lines.append(f"Ce qui manque au réseau, et où : territory network {folder}")
    names = {name: product.digest for name, product in built.products.items()}
    return Answer({"produits": names}, lines, DONE, built.reports)


def zones(
    folder: Path,
    cohort: str,
    slot: str,
    unvisited: int | None,
    seed: int | None,
    progress: ProgressReporter | None = None,
) -> Answer:
    """
    List the ranked zones, built first when need be; raises as `build` and `gaps_of`.

    `cohort` and `slot` (« mercredi matin ») restrict the search to one public or half-day. With
    `unvisited`, tell instead the areas without an outing for that many weeks (0: as many as the
    settings say); the value then holds both. `progress` is told where it is (None: this terminal).
    """
    with telling(progress) as told:
        built = built_with_progress(folder, seed, progress=Part(told, 0.0, 0.7))
        go_on(told)
        told.tell("zones peu couvertes", 0.7)
    gaps = gaps_of(built, cohort=cohort, slot=slot)
    value = {"public": cohort or None, "creneau": slot or None, "zones": to_json(gaps)}
    if unvisited is None:
        lines = zones_account(gaps)
        if not (cohort or slot):
            value["part_cherchee"] = built.searched
            lines += searched_account(built.searched, built.territory.settings.gaps)
        return Answer(value, lines, DONE, built.reports)
    limits = built.territory.settings.effort
    weeks = unvisited or limits.unvisited_weeks
    table, apart = unvisited_for(built, weeks)
    value["sans_passage"] = {"semaines": weeks, "lieux": unvisited_rows(table, apart)}
    lines = unvisited_account(table, apart, weeks=weeks, limits=limits)
    return Answer(value, lines, DONE, built.reports)


def week(
    folder: Path, which: str, seed: int | None, progress: ProgressReporter | None = None
) -> Answer:
    """
    Plan a week (the next one when not named) and write all that a team holds.

    `progress` is told where it is (None: this terminal). Raises WrongUsage when `which` is no ISO
    week, and as `build` and `deliver`.
    """
    built, plan, paths = _planned(folder, which, seed, progress)
    lines = [*week_account(plan), *_where(built.territory, paths)]
    return Answer(to_json(plan), lines, DONE, built.reports)


def demo(folder: Path, seed: int | None) -> Answer:
    """
    Do everything on the files that lie in data/raw and tell what was found.

    Files that nothing recognises are passed over. Raises as `build` and `deliver`.
    """
    _take_raw_files(folder)
    built, plan, paths = _planned(folder, "", seed, None)
    lines = [*account(built, plan), "", *_where(built.territory, paths)]
    files = [str(p.relative_to(folder)) for p in paths]
    return Answer({"semaine": to_json(plan), "fichiers": files}, lines, DONE, built.reports)


def _planned(
    folder: Path, which: str, seed: int | None, progress: ProgressReporter | None
) -> tuple[Built, WeekPlan, list[Path]]:
    """Return a week planned, and the files written of it."""
    with telling(progress) as told:
        built = built_with_progress(folder, seed, progress=Part(told, 0.0, 0.4))
        name = which or next_week(built.territory.today)
        plan = week_step(built, name, progress=Part(told, 0.4, 0.8))
        go_on(told)
        told.tell("carte, fiches et agendas", 0.8)
        return built, plan, deliver(built, plan)


def _added(folder: Path, path: Path, origin: str, licence: str) -> dict[str, Any]:
    try:
        sources = recognise(path)
        add_raw(folder, path, sources, origin=origin, licence=licence)
    except TerritoryError as error:
        return {"fichier": path.name, "ajoute": False, "resultat": f"refusé. {error}"}
    ignored = [f" {issue.problem[0].upper()}{issue.problem[1:]}" for issue in _unknown(path)]
    said = f"ajouté, {_kinds(sources)}.{''.join(ignored)}"
    return {"fichier": path.name, "ajoute": True, "resultat": said}


def _unknown(path: Path) -> list[Issue]:
    """Return the layers of a multi-layer file that nothing here reads."""
    return unknown_layers(path) if path.suffix.lower() in {".gpkg", ".zip"} else []


def _kinds(sources: tuple[Source, ...]) -> str:
    named = [s.label + (f" [{s.layer}]" if s.layer else "") for s in sources]
    return "reconnu comme " + " ; ".join(named)


def _report_lines(reports: tuple[ReadReport, ...]) -> list[str]:
    issues = [issue for report in reports for issue in report.issues]
    return [*shown(issues), *(report.summary() for report in reports if report.read)]


def _write_refused(built: Built) -> list[str]:
    """Write the refusals of the day; a file of this morning is taken away once all is mended."""
    territory = built.territory
    path = territory.folder / "outputs" / f"refus_{territory.today:%Y-%m-%d}.csv"
    if not any(issue.refused for report in built.reports for issue in report.issues):
        path.unlink(missing_ok=True)
        return []
    write_refused(built.reports, path)
    return [f"Lignes refusées (sans leurs valeurs) : {path.relative_to(territory.folder)}"]


def _where(territory: Territory, paths: list[Path]) -> list[str]:
    shown_paths = [p.relative_to(territory.folder) for p in paths]
    parts = [p for p in shown_paths if p.parent.name in {"fiches", "traces", "agendas"}]
    sheets = sum(p.suffix == ".pdf" for p in parts)
    diaries = sum(p.suffix == ".ics" for p in parts)
    main_ones = [f"  {p}" for p in shown_paths if p not in parts]
    last = f"  et {sheets} fiches de tournée avec leur trace GPX, {diaries} agendas personnels"
    return ["Fichiers écrits :", *main_ones, last]


def _take_raw_files(folder: Path) -> None:
    """List the files already lying in data/raw, as a fresh clone of the fictional town has them."""
    for path in sorted(raw_folder(folder).glob("*")):
        try:
            add_raw(folder, path, recognise(path))
        except TerritoryError:
            continue
