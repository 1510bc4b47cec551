"""Profiles of reports: those that come with the package, and one that a team wrote itself."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from territory.errors import BadSettings
from territory.settings.report import Profile

_FOLDER = "profiles"


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
        text = (files("territory.settings") / _FOLDER / f"{asked}.toml").read_text("utf-8")
        return _profile(text, asked)
    path = folder / asked
    if not asked.endswith(".toml") or not path.is_file():
        raise BadSettings(
            f"Le profil « {asked} » n’existe pas. Profils connus : {', '.join(profile_codes())} ; "
            "ou le nom d’un fichier TOML du dossier."
        )
    return _profile(path.read_text(encoding="utf-8-sig"), path.name)


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
