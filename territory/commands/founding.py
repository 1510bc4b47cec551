"""A new territory folder: its settings, for the communes asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.commands.answer import Answer
from territory.errors import WrongUsage
from territory.io.new_territory import create_territory
from territory.model.ept import EPTS, ept

if TYPE_CHECKING:
    from pathlib import Path


def init(folder: Path, communes: str, name: str, epci: str = "") -> Answer:
    """
    Create a territory folder for the commune codes separated by commas, or those of an EPT.

    Raises WrongUsage as `create_territory`: a code that cannot be, or a territory already there;
    and for a SIREN that is not of one of the EPT of Greater Paris.
    """
    codes = [c.strip() for c in communes.split(",") if c.strip()]
    codes += [c for c in _communes_of(epci) if c not in codes]
    path = create_territory(folder, name=name, communes=codes)
    lines = [f"Territoire créé. Réglages : {path.name}. Ajoutez maintenant vos fichiers :"]
    lines.append(f"  territory add {folder} FICHIER...")
    return Answer({"reglages": path.name, "communes": codes}, lines)


def _communes_of(siren: str) -> tuple[str, ...]:
    if not siren.strip():
        return ()
    found = ept(siren)
    if found is None:
        listed = ", ".join(f"{one.siren} {one.name}" for one in EPTS)
        raise WrongUsage(
            f"« {siren} » n'est pas un EPT connu ({listed}). Pour un autre EPCI, donnez les codes "
            "de ses communes avec --communes."
        )
    return found.communes
