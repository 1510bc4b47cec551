"""Files sent to the pages: read apart, then kept or forgotten; received files taken out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from territory.commands.answer import Answer
from territory.endings import DONE, REFUSED
from territory.errors import WrongUsage
from territory.io.atomic import write_json
from territory.io.deposit import PREVIEW, deposited, forget, place_of
from territory.io.raw_folder import add_raw, remove_raw
from territory.io.recognise import recognise
from territory.model.jsonable import from_json, to_json
from territory.pipeline.trial import Trial, tried
from territory.pipeline.workspace import open_territory

if TYPE_CHECKING:
    from pathlib import Path


def look(folder: Path, key: str) -> Answer:
    """
    Read every file of a deposit apart and note what was found beside them; nothing is received.

    A file about people is deleted at once. The code is REFUSED when one was turned away whole.
    Raises WrongUsage when the deposit is gone, BadSettings or UnreadableFile as `open_territory`.
    """
    territory = open_territory(folder)
    trials = [tried(territory, path) for path in deposited(folder, key)]
    write_json(place_of(folder, key) / PREVIEW, {"files": to_json(trials)})
    for trial in trials:
        if trial.personal:  # it must not stay on this machine because of us
            (place_of(folder, key) / trial.name).unlink(missing_ok=True)
    lines = [f"{t.name} : {t.refused or ', '.join(t.holds)}" for t in trials]
    reports = [report for trial in trials for report in trial.reports]
    refused = any(trial.refused for trial in trials)
    value = {"fichiers": [t.name for t in trials]}
    return Answer(value, lines, REFUSED if refused else DONE, reports)


def looked(folder: Path, key: str) -> tuple[Trial, ...] | None:
    """
    Return what `look` found of the files still in a deposit, None before it did.

    Raises WrongUsage when the deposit is gone.
    """
    path = place_of(folder, key) / PREVIEW
    if not path.exists():
        return None
    rows = json.loads(path.read_text(encoding="utf-8"))["files"]
    trials = [from_json(Trial, row) for row in rows]
    here = {one.name for one in deposited(folder, key)}
    return tuple(trial for trial in trials if trial.personal or trial.name in here)


def keep(folder: Path, key: str, name: str, instead: str = "") -> Answer:
    """
    Receive the file `name` of a deposit, in place of `instead` when given.

    Raises WrongUsage when either is gone, and what `recognise` and `add_raw` raise: nothing is
    then received nor taken out.
    """
    path = next((p for p in deposited(folder, key) if p.name == name), None)
    if path is None:
        raise WrongUsage("Ce fichier n’est plus dans le dépôt : envoyez-le de nouveau.")
    names = {file.name for file in open_territory(folder).raw.files}
    if instead and instead not in names:
        raise WrongUsage("Le fichier à remplacer n’est plus là.")
    add_raw(folder, path, recognise(path))
    if instead and instead != name:
        remove_raw(folder, instead)
    forget(folder, key, name)
    return Answer({"fichier": name, "remplace": instead or None}, [f"« {name} » est gardé."])


def remove(folder: Path, name: str) -> Answer:
    """Take a received file out of the territory; raises WrongUsage when it is not there."""
    remove_raw(folder, name)
    return Answer({"fichier": name}, [f"« {name} » est retiré."])
