"""How a territory of a batch ends when it is not done: a code, and a French sentence."""

from __future__ import annotations

import errno
import traceback
from contextlib import suppress
from typing import TYPE_CHECKING

from territory.batch.catalogue import ABSENT, FAILED
from territory.errors import MissingSource, NoAnswer, Stopped, TerritoryError
from territory.model.results import Ending

if TYPE_CHECKING:
    from territory.batch.store import Store

TRACES = "traces"
FULL = (
    "Plus de place là où il fallait écrire. Libérez-en puis relancez la même commande : ce qui est "
    "fait est gardé."
)
LOST = (
    "Les calculs de ce territoire ont été interrompus {times} fois de suite (mémoire insuffisante, "
    "ou machine arrêtée). Donnez plus de mémoire à chacun (--memory, --workers) puis relancez."
)
_FULL_CODES = frozenset({errno.ENOSPC, errno.EDQUOT})


class NoFolder(MissingSource):
    """The folder of a territory of the list is not there."""


def told(error: BaseException, store: Store, name: str) -> tuple[str, str, str]:
    """
    Return state, ending and French sentence of what stopped a territory.

    The trace of what nobody foresaw, code lines only, goes to the store when it can.
    """
    if isinstance(error, NoFolder):
        return ABSENT, ABSENT, str(error)
    if isinstance(error, Stopped):
        return FAILED, Ending.TIME_UP.value, str(error)
    if isinstance(error, NoAnswer):
        return FAILED, Ending.IMPOSSIBLE.value, str(error)
    return FAILED, Ending.FAILED.value, _sentence(error, store, name)


def _sentence(error: BaseException, store: Store, name: str) -> str:
    if isinstance(error, TerritoryError):
        return str(error)
    if isinstance(error, MemoryError):
        return LOST.format(times=1)
    if isinstance(error, OSError) and error.errno in _FULL_CODES:
        return FULL
    if isinstance(error, OSError):
        return (
            f"Un fichier n'a pas pu être lu ou écrit ({type(error).__name__}) : accès, réseau, "
            "adresse du magasin ?"
        )
    return _unforeseen(error, store, name)


def _unforeseen(error: BaseException, store: Store, name: str) -> str:
    kind, path = type(error).__name__, f"{TRACES}/{name}.txt"
    frames = "".join(traceback.format_tb(error.__traceback__))
    with suppress(OSError):
        store.write(path, f"{kind}\n{frames}".encode())
    return f"Une erreur imprévue s'est produite ({kind}). Sa trace, sans donnée : « {path} »."
