"""The page of the documentation that tells every command, made from the command line itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from territory.cli import app

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from typer.core import TyperArgument, TyperCommand, TyperOption

SHARED = ("--json", "--seed")  # told once
HEAD = """# Les commandes

Faite à partir du programme ; `territory COMMANDE --help` dit la même chose.

Presque toutes prennent `--json` (un objet JSON sur la sortie standard) ; celles qui calculent
prennent `--seed` (graine des tirages). Code de sortie : 0, fait ; 1, quelque chose est refusé ;
2, commande mal écrite ; 3, pas de réponse (interrompu, impossible à prouver).
"""


def commands_page() -> str:
    """Return docs/commandes.md: each command, what it takes and what it does."""
    commands = dict(_named("", typer.main.get_command(app).commands))  # type: ignore[attr-defined]
    return HEAD + "".join("\n".join(_command(n, c)) for n, c in sorted(commands.items()))


def _named(before: str, commands: Mapping[str, TyperCommand]) -> Iterator[tuple[str, TyperCommand]]:
    """Yield each command with its words: those of a group too, « store copy »."""
    for name, command in commands.items():
        inside = getattr(command, "commands", None)
        if inside is None:
            yield before + name, command
        else:
            yield from _named(f"{before}{name} ", inside)


def _command(name: str, command: TyperCommand) -> Iterator[str]:
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option"]
    yield f"\n## {name}\n"
    yield f"`{' '.join(['territory', name, *(str(a.metavar) for a in arguments)])}`\n"
    yield f"{command.help}\n"
    rows = [_row(str(p.metavar), p) for p in arguments if p.metavar != "DOSSIER" and p.help]
    rows += [_row(_written(p), p) for p in options if p.opts[0] not in SHARED and not p.hidden]
    if rows:
        yield "\n".join(["| à donner | sens |", "| --- | --- |", *rows, ""])


def _written(option: TyperOption) -> str:
    names = option.opts if option.is_flag else [f"{option.opts[0]} {option.metavar or 'VALEUR'}"]
    return ", ".join(names)


def _row(written: str, told: TyperArgument | TyperOption) -> str:
    more = " (plusieurs fois possible)" if getattr(told, "multiple", False) else ""
    said = (told.help or "").replace("|", "\\|").replace(", répétable", "")
    return f"| `{written}` | {said}{more} |"
