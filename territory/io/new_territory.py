"""A new territory folder: settings with French comments, empty data folders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.errors import WrongUsage
from territory.io.atomic import own_folder, write_text
from territory.settings import FILE_NAME

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_TEMPLATE = """\
# Réglages du territoire. Les valeurs absentes gardent leur défaut (voir docs/reglages.md).

[territoire]
nom = {name}
communes = [{communes}]   # codes Insee, toujours entre guillemets
# date_reference = 2026-10-31   # « aujourd'hui » pour les calculs ; par défaut, la date du jour

[marche]
vitesse_kmh = 4.5             # allure des habitants et de l'équipe
joindre_trous_m = 0           # > 0 : relie les morceaux de rues séparés de moins de n mètres

[acces]
proche_min = 10
loin_min = 15

[effort]
mois = 12                     # période d'activité prise en compte

[zones]
nombre = 8

[semaine]
debut = "09:00"
fin = "17:30"
midi_debut = "12:00"
midi_fin = "13:30"
maraude_max_min = 180
marche_max_m = 6000
maraudes_par_mediateur = 3
binomes = true

[permanences]
minutes = 15
nombre = 1
"""


def create_territory(folder: Path, *, name: str, communes: Sequence[str]) -> Path:
    """
    Create the folders and territory.toml of a new territory; return the settings' path.

    Raises WrongUsage (French) when the folder already holds a territory or a code is not five
    characters long: nothing is overwritten.
    """
    path = folder / FILE_NAME
    if path.exists():
        raise WrongUsage(
            f"« {folder.name} » contient déjà un territoire ({FILE_NAME}). Rien n'a été modifié."
        )
    wrong = [code for code in communes if not _is_code(code)]
    if wrong:
        raise WrongUsage(
            f"Codes Insee de commune impossibles : {', '.join(wrong)}. Un code a cinq caractères, "
            "par exemple 93010 ou 2A004."
        )
    for sub in ("data/raw", "data/processed", "outputs"):
        own_folder(folder / sub)
    listed = ", ".join(f'"{code}"' for code in communes)
    return write_text(path, _TEMPLATE.format(name=_toml_text(name), communes=listed))


def _is_code(code: str) -> bool:
    return len(code) == 5 and code.isalnum()  # noqa: PLR2004 - length of an Insee code


def _toml_text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'
