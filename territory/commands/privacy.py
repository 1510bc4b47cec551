"""What protects people: checking a file before it enters, forgetting in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.commands.answer import Answer
from territory.endings import DONE, REFUSED
from territory.io.privacy_check import PrivacyCheck, check_privacy
from territory.io.publications import forget_published
from territory.io.retention import (
    first_day_kept,
    next_purge,
    purge_debriefs,
    purge_raw,
    undated_lines,
)
from territory.io.week_retention import purge_weeks
from territory.model.kinds import LABELS
from territory.pipeline.workspace import open_territory

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from territory.io.retention import Purged, Undated

_SHOWN = 20


def privacy_check(files: Sequence[Path]) -> Answer:
    """Say, file by file, what would be refused or left out; nothing is imported."""
    checks = [(path, check) for path in files for check in check_privacy(path)]
    lines = [line for path, check in checks for line in _told(path.name, check)]
    unchecked = {path for path, _ in checks} - {path for path, check in checks if check.kind}
    lines += [
        f"{path.name} : aucune table reconnue ; ce fichier n’a pas pu être vérifié."
        for path in sorted(unchecked)
    ]
    refused = bool(unchecked) or any(check.refusals for _, check in checks)
    value = [
        {
            "fichier": path.name,
            "feuille": check.sheet,
            "type": check.kind,
            "refuse": bool(check.refusals),
            "lignes_avec_identifiant": dict(check.lines_with_identifiers),
        }
        for path, check in checks
    ]
    return Answer({"fichiers": value}, lines, REFUSED if refused else DONE)


def purge(folder: Path, dry_run: bool) -> Answer:  # noqa: FBT001 - a flag
    """Forget the lines and weeks past their time, keeping counts by commune and month."""
    territory = open_territory(folder)
    before = first_day_kept(territory.today)
    forgotten = forget_published(folder, before, write=not dry_run)
    done = purge_raw(territory.raw, territory.folder, today=territory.today, write=not dry_run)
    done += purge_debriefs(territory.folder, today=territory.today, write=not dry_run)
    weeks = purge_weeks(territory.folder, today=territory.today, write=not dry_run)
    lines = [_told_purged(one, "lignes", "effacées", dry_run=dry_run) for one in done]
    lines += [_told_purged(one, "fichiers", "effacés", dry_run=dry_run) for one in weeks]
    lines += [] if done or weeks else ["Aucune ligne n’a dépassé sa durée de conservation."]
    lines += [f"Publications anciennes oubliées : {forgotten}."] if forgotten else []
    lines += ["Rien n’a été écrit (--dry-run)."] if dry_run else []
    undated = undated_lines(territory.raw)
    lines += [_without_date(one) for one in undated]
    lines.append(f"Prochaine échéance : {next_purge(territory.today):%d/%m/%Y}.")
    value = {
        "essai": dry_run,
        "fichiers": [{"fichier": one.file, "lignes": one.lines} for one in done],
        "semaines": [{"dossier": one.file, "fichiers": one.lines} for one in weeks],
        "sans_date": [{"fichier": one.file, "lignes": list(one.lines)} for one in undated],
        "prochaine": next_purge(territory.today).isoformat(),
    }
    return Answer(value, lines)


def _told_purged(one: Purged, what: str, done: str, *, dry_run: bool) -> str:
    verb = "à effacer" if dry_run else done
    return f"{one.file} : {one.lines} {what} {verb} (avant {one.before:%d/%m/%Y})"


def _without_date(one: Undated) -> str:
    shown = ", ".join(map(str, one.lines[:_SHOWN]))
    more = f" et {len(one.lines) - _SHOWN} autres" if len(one.lines) > _SHOWN else ""
    return (
        f"{one.file} : date illisible, ligne {shown}{more}. Ces lignes ne seraient jamais "
        "effacées : corrigez leur date ou supprimez-les."
    )


def _told(name: str, check: PrivacyCheck) -> list[str]:
    where = f"{name}{f' [{check.sheet}]' if check.sheet else ''}"
    kind = LABELS.get(check.kind or "", "contenu non reconnu, non importé")
    verdict = "refusé" if check.refusals else "accepté" if check.kind else "non vérifié"
    lines = [f"{where} ({kind}) : {verdict}"]
    lines += [f"  {issue}" for issue in (*check.refusals, *check.left_out)]
    lines += [
        f"  colonne « {column} » : {count} lignes avec un téléphone, un courriel ou un identifiant "
        "(valeurs non affichées) ; ces lignes seraient refusées."
        for column, count in check.lines_with_identifiers
    ]
    return lines
