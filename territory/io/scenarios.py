"""Scenarios of permanences: small TOML files in scenarios/ of the territory, made to be copied."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from territory.errors import BadSettings, WrongUsage
from territory.io.atomic import write_text

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "scenarios"
_NAME = re.compile(r"[\w-]{1,40}")
_KEYS = {"nombre": "add", "garder": "kept", "interdire": "forbidden", "imposer": "required",
         "garantie_min": "guarantee_min"}  # fmt: skip
_LISTS = frozenset({"kept", "forbidden", "required"})


@dataclass(frozen=True, slots=True)
class Saved:
    """
    One scenario: what is asked beside the settings, places as « place:half-day ».

    `add` half-days (None: as in the settings), `guarantee_min` minutes from every priority quarter
    (None: as in the settings); `copied_from` is the scenario it began as.
    """

    name: str
    add: int | None = None
    kept: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    guarantee_min: float | None = None
    copied_from: str = ""

    @property
    def options(self) -> dict[str, Any]:
        """What `Territory.with_options` takes."""
        return {name: getattr(self, name) for name in _KEYS.values()}

    def with_more(self, more: Saved) -> Saved:
        """Return what `self` and `more` ask together, under the name of `more`."""
        lists: dict[str, Any] = {n: (*getattr(self, n), *getattr(more, n)) for n in sorted(_LISTS)}
        return replace(
            more,
            add=self.add if more.add is None else more.add,
            guarantee_min=self.guarantee_min if more.guarantee_min is None else more.guarantee_min,
            copied_from=self.name,
            **lists,
        )


def write_scenario(folder: Path, scenario: Saved) -> Path:
    """Write a new scenario of a territory; raises WrongUsage when its name is bad or taken."""
    path = _path(folder, scenario.name)
    if path.exists():
        raise WrongUsage(
            f"Le scénario « {scenario.name} » existe déjà. Prenez un autre nom et copiez-le avec "
            f"--from {scenario.name}."
        )
    asked = {key: getattr(scenario, name) for key, name in _KEYS.items()}
    asked["copie_de"] = scenario.copied_from
    lines = [
        f"{key} = {_toml(value)}" for key, value in asked.items() if value not in {None, (), ""}
    ]
    return write_text(path, "\n".join([*lines, ""]))


def read_scenario(folder: Path, name: str) -> Saved:
    """Return a scenario by name; raises WrongUsage when there is none, BadSettings when damaged."""
    path = _path(folder, name)
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        known = ", ".join(scenario_names(folder)) or "aucun"
        raise WrongUsage(f"Le scénario « {name} » n'existe pas. Connus : {known}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadSettings(f"« {path.name} » n'est pas lisible.") from error
    wrong = [key for key, value in rows.items() if not _sound(key, value)]
    if wrong:
        raise BadSettings(f"« {path.name} » : valeur non comprise pour « {wrong[0]} ».")
    given: dict[str, Any] = {
        _KEYS[k]: tuple(v) if isinstance(v, list) else v for k, v in rows.items() if k in _KEYS
    }
    return Saved(name, **given, copied_from=rows.get("copie_de", ""))


def scenario_names(folder: Path) -> list[str]:
    """Return the names of the scenarios of a territory, sorted."""
    return sorted(path.stem for path in (folder / FOLDER).glob("*.toml"))


def _path(folder: Path, name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise WrongUsage("Un nom de scénario a 1 à 40 lettres, chiffres ou tirets, sans espace.")
    return folder / FOLDER / f"{name}.toml"


def _sound(key: str, value: object) -> bool:
    if key == "copie_de":
        return isinstance(value, str)
    name = _KEYS.get(key, "")
    if name in _LISTS:
        return isinstance(value, list) and all(isinstance(v, str) for v in value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return (name == "add" and isinstance(value, int) and value > 0) or (
        name == "guarantee_min" and 0 < value < float("inf")
    )


def _toml(value: object) -> str:
    """Return a number, a text or a list of texts in TOML, whose strings are those of JSON here."""
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
