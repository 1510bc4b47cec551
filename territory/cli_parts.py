"""What every command of the line shares: its folder, `--json`, `--seed`, and how it is run."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

Folder = Annotated[Path, typer.Argument(metavar="DOSSIER", help="dossier du territoire")]
AsJson = Annotated[bool, typer.Option("--json", help="un objet JSON sur la sortie standard")]
PLACED = "LIEU[:CRÉNEAU]"  # « P0012 », « Maison des Lilas:mercredi matin »
Base = Annotated[
    str,
    typer.Option(
        "--base", metavar="URL", envvar="TERRITORY_BASE", show_envvar=False,
        help="base PostgreSQL (ou variable TERRITORY_BASE) ; un fichier du dossier par défaut",
    ),
]  # fmt: skip
Seed = Annotated[int | None, typer.Option("--seed", help="graine des tirages")]


def do(action: str, *arguments: Any, as_json: bool, package: str = "commands") -> int:  # noqa: ANN401
    """Call `module.function` of a package, loaded only now, and print its answer."""
    module, function = action.split(".")
    act = getattr(import_module(f"territory.{package}.{module}"), function)
    audited = import_module("territory.commands.audit").audited
    answer, unlogged = audited(function, act, arguments)
    indented = json.dumps(answer.value, ensure_ascii=False, indent=1) if as_json else ""
    typer.echo(indented or "\n".join(answer.lines))
    if unlogged:
        typer.echo(unlogged, err=True)
    return int(answer.code)
