"""How a command ends: exit codes, and a French sentence in every case."""

from __future__ import annotations

import sys
import traceback
from typing import TYPE_CHECKING

from typer.exceptions import Abort, Exit, TyperException

from territory.errors import TerritoryError
from territory.io.atomic import write_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DONE, REFUSED, WRONG_USAGE, NO_ANSWER = 0, 1, 2, 3
_BY_CTRL_C = 130  # what typer answers then
_INTERRUPTED = "Interrompu. Rien n'est à moitié écrit."


def run_in_french(command: Callable[[], object], journal: Path) -> int:
    """
    Run `command`, print a French sentence on standard error if it fails, return the exit code.

    0 done, 1 refused, 2 wrong usage, 3 no answer; an error of the TerritoryError tree brings its
    own code and sentence, and no exception leaves. An unforeseen one leaves its technical trace in
    `journal` (code lines only, never a value).
    """
    try:
        code = _as_code(command())
        if code != _BY_CTRL_C:
            return code
        sentence, code = _INTERRUPTED, NO_ANSWER
    except Exit as ending:
        return ending.exit_code
    except (Abort, KeyboardInterrupt):
        sentence, code = _INTERRUPTED, NO_ANSWER
    except TyperException as error:
        sentence, code = _usage_sentence(error), WRONG_USAGE
    except TerritoryError as error:
        sentence, code = str(error), error.exit_code
    except Exception as error:  # noqa: BLE001 - no traceback may reach a user
        sentence, code = unforeseen(error, journal), REFUSED
    print(sentence, file=sys.stderr)  # noqa: T201 - this is the user's screen
    return code


def _as_code(result: object) -> int:
    return result if isinstance(result, int) else DONE


def _usage_sentence(error: TyperException) -> str:
    hint = "Tapez « territory --help » pour la liste des commandes."
    kind = type(error).__name__
    parameter = _parameter(error)
    if kind == "NoSuchOption":
        return f"L'option « {getattr(error, 'option_name', '')} » n'existe pas. {hint}"
    if kind == "MissingParameter":
        return f"Il manque « {parameter} ». {hint}"
    if kind == "BadParameter":
        return f"La valeur donnée à « {parameter} » n'est pas possible. {hint}"
    return f"Cette commande n'est pas comprise. {hint}"


def _parameter(error: TyperException) -> str:
    """Return the parameter as the help shows it."""
    found = getattr(error, "param", None)
    return str(getattr(found, "metavar", None) or [*getattr(found, "opts", []), "un argument"][0])


def unforeseen(error: Exception, journal: Path) -> str:
    """Return the sentence for an error nobody foresaw; its trace, code lines only, in `journal`."""
    kind = type(error).__name__
    frames = "".join(traceback.format_tb(error.__traceback__))
    try:
        write_text(journal, f"{kind}\n{frames}")
        where = f"La trace technique est dans « {journal.name} » (sans aucune donnée)."
    except OSError:
        where = "La trace technique n'a pas pu être écrite (disque plein ou protégé ?)."
    return f"Une erreur imprévue s'est produite ({kind}). {where} Vos fichiers n'ont pas changé."
