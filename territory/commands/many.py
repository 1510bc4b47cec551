"""Commands on many territories, once the packages that they alone need are found."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from territory.errors import WrongUsage

if TYPE_CHECKING:
    from territory.commands.answer import Answer
    from territory.commands.batch import Means


def batch(listing: str, store: str, means: Means, seed: int | None) -> Answer:
    """Run `commands.batch.batch`; raises as it does, WrongUsage when a package is not there."""
    check_installed("distributed", "fsspec")
    answer: Answer = import_module("territory.commands.batch").batch(listing, store, means, seed)
    return answer


def check_installed(*packages: str) -> None:
    """Raise WrongUsage (French) naming the packages of the extra « batch » that are not there."""
    missing = [name for name in packages if find_spec(name) is None]
    if missing:
        raise WrongUsage(
            f"Il manque {', '.join(missing)} pour calculer par lots. Installez l'option « batch » "
            "du paquet (docs/lots.md), puis relancez."
        )
