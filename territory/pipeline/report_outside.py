"""What of a report may leave the team, beside the reports that left it already."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from territory.analysis.disclosure import K_PUBLIC
from territory.analysis.report.between import Face, hidden_beside
from territory.analysis.report.hiding import base_name, hidden_figures
from territory.analysis.report.outside import figures_of, outside_profile
from territory.errors import BadSettings, RefusedExport
from territory.io.hashing import file_sha256
from territory.io.publications import read_published_reports
from territory.model.published import PublishedReport
from territory.model.report import Span
from territory.outputs.report_content import name_before
from territory.pipeline.report import report_of_days

if TYPE_CHECKING:
    from pathlib import Path

    from territory.analysis.report.findings import Findings
    from territory.model.report import Figures
    from territory.pipeline.workspace import Built
    from territory.settings.report import Profile

FOLDER = "outputs/bilan"


@dataclass(frozen=True, slots=True, eq=False)
class Outside:
    """
    A report for outside: its profile, its figures and those of a year before, the names hidden.

    `record` is what is kept of it once given; `more` how many figures are hidden because of reports
    that are out, `beside` these; `unsure` those that were printed with figures nobody can read any
    more, from a log that changed since.
    """

    profile: Profile
    now: Figures
    before: Figures
    record: PublishedReport
    more: int
    beside: tuple[PublishedReport, ...]
    unsure: tuple[PublishedReport, ...]

    @property
    def hidden(self) -> tuple[frozenset[str], frozenset[str]]:
        """The names hidden now, and of the year before."""
        return frozenset(self.record.hidden), frozenset(self.record.hidden_before)


def for_outside(built: Built, found: Findings, asked: str = "") -> Outside:
    """
    Return what of `found` may leave the team beside what did; the same report again is the same.

    `asked` is its profile as asked, that of the settings without. Raises RefusedExport when the
    profile of a report that is out cannot be read; UnreadableFile as `read_published_reports`.
    """
    reports = read_published_reports(built.territory.folder)
    profile = asked or built.territory.settings.report.profile
    now, before = faces = _faces(outside_profile(found.profile), found)
    mine = PublishedReport(
        profile, found.span.first, found.span.last, found.digest, K_PUBLIC, _sorted(now.hidden),
        _sorted(before.hidden),
    )  # fmt: skip
    again = next((one for one in reports if one.same(mine)), None)
    if again is not None:
        return Outside(now.profile, now.figures, before.figures, again, 0, (), ())
    out = [_published(built, one) for one in _latest(reports)]
    told = [face for faces_of, _ in out for face in faces_of]
    hidden = [_sorted(names) for names in hidden_beside(told, faces, k=K_PUBLIC)]
    more = sum(
        len(set(names) & set(face.figures.table.index) - face.hidden)
        for names, face in zip(hidden, faces, strict=True)
    )
    record = PublishedReport(
        profile, mine.first, mine.last, mine.digest, K_PUBLIC, hidden[0], hidden[1]
    )
    unsure = tuple(one for one, (_, known) in zip(_latest(reports), out, strict=True) if not known)
    return Outside(
        now.profile, now.figures, before.figures, record, more if out else 0, reports, unsure
    )


def _sorted(names: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(names))


def _latest(reports: tuple[PublishedReport, ...]) -> list[PublishedReport]:
    """Return the reports without those that say the same of the same days with as much hidden."""
    keys = {(r.profile, r.first, r.last, r.digest, r.hidden, r.hidden_before): r for r in reports}
    return list(keys.values())


def _faces(
    profile: Profile, found: Findings, hidden: tuple[frozenset[str], frozenset[str]] | None = None
) -> tuple[Face, Face]:
    """Return what a report prints of its span and of a year before, `hidden` or small left out."""
    now, before = (figures_of(profile, them) for them in (found.figures, found.before))
    by_code = {counting.code: counting for counting in profile.countings}
    codes = zip(now.table.index, now.table["definition"], strict=True)
    was = {name_before(by_code[str(code)], str(name)) for name, code in codes}
    left = hidden or tuple(hidden_figures(profile, them, k=K_PUBLIC) for them in (now, before))
    bases = {base_name(code) for code in by_code}
    return (
        Face(profile, now, left[0], frozenset({*map(str, now.table.index), *bases})),
        Face(profile, before, left[1], frozenset(was & {*map(str, before.table.index)})),
    )


def _published(built: Built, one: PublishedReport) -> tuple[tuple[Face, Face], bool]:
    """
    Return a report that is out as the log gives it now, and whether what it printed is known.

    Figures corrected since are those of its table, while it is there.
    """
    span = Span(one.first, one.last, f"du {one.first:%d/%m/%Y} au {one.last:%d/%m/%Y}")
    try:
        found = report_of_days(built, span, profile=one.profile)
    except BadSettings as error:
        raise RefusedExport(
            f"Publication refusée : le profil « {one.profile} » d’un bilan déjà publié ne se lit "
            "plus. Remettez-le : sans lui, personne ne sait si la différence des deux bilans "
            "donnerait un petit effectif. Rien n’a été écrit."
        ) from error
    hidden = frozenset(one.hidden), frozenset(one.hidden_before)
    now, before = _faces(outside_profile(found.profile), found, hidden)
    if found.digest == one.digest:
        return (now, before), True
    printed = _printed(built.territory.folder / FOLDER, one)
    counts = _counts(now.figures)
    was = {name: n for name, n in printed.items() if name in counts and counts[name] != n}
    names = now.printed & {*printed} if printed else now.printed
    return (Face(now.profile, now.figures, now.hidden, names, was), before), bool(printed)


def _counts(figures: Figures) -> dict[str, float]:
    """Return the people of each figure, and what the shares of each are out of."""
    people = figures.table[figures.table["people"].fillna(value=False)]
    bases = {
        base_name(code): float(people.loc[parts[0], "over"])
        for code, parts in figures.bases.items()
        if set(parts[:1]) & set(people.index)
    }
    return {**{str(name): float(value) for name, value in people["value"].items()}, **bases}


def _printed(folder: Path, one: PublishedReport) -> dict[str, int]:
    """Return the counts of the table of a report that is out, none when it is not there."""
    for path in sorted(folder.glob("*.csv")):
        if file_sha256(path) == one.table:
            with path.open(encoding="utf-8-sig", newline="") as file:
                rows = list(csv.DictReader(file, delimiter=";"))
            told = [(r["chiffre"], r["valeur"]) for r in rows]
            for row in rows:
                code, _, part = row["chiffre"].partition("/")
                told += [(base_name(code), row["denominateur"])] if part else []
            return {name: int(text) for name, text in told if text.isdigit()}
    return {}
