"""Profiles of reports: those that come with the package, and one that a team wrote itself."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from territory.errors import BadSettings
from territory.settings.report import Profile

_FOLDER = "profiles"
STANDARD = "standard"


def profile_codes() -> tuple[str, ...]:
    """Return the codes of the profiles of the package, sorted."""
    found = (files("territory.settings") / _FOLDER).iterdir()
    return tuple(sorted(Path(p.name).stem for p in found if p.name.endswith(".toml")))


def read_profile(asked: str, folder: Path) -> Profile:
    """
    Return the profile of that code, or of that file of `folder` (« mon_bilan.toml »).

    Raises BadSettings (French) when there is none, or when it cannot be read.
    """
    if asked in profile_codes():
        return completed(_packaged(asked))
    path = folder / asked
    if not asked.endswith(".toml") or not path.is_file():
        raise BadSettings(
            f"Le profil « {asked} » n’existe pas. Profils connus : {', '.join(profile_codes())} ; "
            "ou le nom d’un fichier TOML du dossier."
        )
    return completed(_profile(path.read_text(encoding="utf-8-sig"), path.name))


def completed(profile: Profile) -> Profile:
    """
    Return a profile with the standard indicators that it does not name, when it wants them.

    Raises BadSettings when those of the package cannot be read.
    """
    if not profile.completed:
        return profile
    standard = _packaged(STANDARD)
    own = {counting.code for counting in profile.countings}
    own_tables = {table.code for table in profile.tables}
    more = tuple(c for c in standard.countings if c.code not in own)
    tables = tuple(t for t in standard.tables if t.code not in own_tables)
    return profile.model_copy(
        update={"countings": profile.countings + more, "tables": profile.tables + tables}
    )


def _packaged(code: str) -> Profile:
    text = (files("territory.settings") / _FOLDER / f"{code}.toml").read_text("utf-8")
    return _profile(text, code)


def _profile(text: str, name: str) -> Profile:
    try:
        return Profile.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadSettings(f"Le profil « {name} » n’est pas lisible : {error}.") from error
    except ValidationError as error:
        raise BadSettings(f"Le profil « {name} » est impossible : {_faults(error)}.") from error


def _faults(error: ValidationError) -> str:
    """Return where each fault is, as the file writes it."""
    places = {".".join(map(str, fault["loc"])) or "chiffre" for fault in error.errors()}
    return "à revoir : " + ", ".join(sorted(places))
