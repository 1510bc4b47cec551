"""The layers of a territory given to a team in a PostGIS base, on the command line."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from territory import __version__
from territory.commands.answer import Answer
from territory.commands.export import squares_for_outside
from territory.errors import RefusedExport, WrongUsage
from territory.io.publications import add_published
from territory.outputs.shared_layers import SHARED, shared_layers
from territory.settings import read_settings
from territory.web.shared_base import write_layers
from territory.web.shelf import Shelf
from territory.web.store_line import address, opened_base

if TYPE_CHECKING:
    from pathlib import Path

    from territory.model.published import Published
    from territory.pipeline.workspace import Built

_WHERE = "Les personnes sont comptées au lieu de la rencontre, pas à leur lieu de résidence."


def publish(
    folder: Path,
    target: str,
    schema: str,
    streets: bool,  # noqa: FBT001 - a flag
    uncounted: bool,  # noqa: FBT001 - a flag
    k: int,
) -> Answer:
    """
    Write zones, squares, permanences, quarters into the PostGIS base `target`, replaced together.

    The people informed are those of `territory export --zonage carreau`, recorded as such, unless
    `uncounted`. Raises WrongUsage (French) before a build and as `write_layers`; RefusedExport as
    `export`.
    """
    read_settings(folder)
    built = Shelf(folder).now().built
    if built is None:
        raise WrongUsage("Rien n'est encore calculé : lancez d'abord territory build.")
    people = None if uncounted else _people(folder, built, k)
    layers = shared_layers(built.table, built.gaps, built.sites, people, streets=streets)
    if people is not None:
        # Recorded before it is written: a record too many hides more, one too few would reveal.
        add_published(folder, people, on=built.territory.today, k=k)
    with opened_base(address(folder, target)) as engine:
        write_layers(engine, schema, layers, SHARED, _about(built, k, people))
    return _answer(schema, {name: len(layer) for name, layer in layers.items()}, people, k)


def _people(folder: Path, built: Built, k: int) -> Published | None:
    try:
        return squares_for_outside(folder, built, k)
    except RefusedExport as error:
        raise RefusedExport(
            f"{error} Avec --sans-effectifs, les autres couches se publient."
        ) from error


def _about(built: Built, k: int, people: Published | None) -> dict[str, str]:
    about = {
        "territoire": built.territory.settings.ground.name,
        "empreinte": built.digest,
        "version": __version__,
        "publie_le": datetime.now(UTC).isoformat(timespec="seconds"),
        "date_de_reference": built.territory.today.isoformat(),
    }
    return about if people is None else about | {"seuil": str(k), "lieu": _WHERE}


def _answer(schema: str, counts: dict[str, int], people: Published | None, k: int) -> Answer:
    lines = [f"Couches publiées dans le schéma « {schema} », remplacées ensemble :"]
    lines += [f"  {name} : {many} lignes" for name, many in counts.items()]
    hidden = 0 if people is None else int(people.hidden[:-1].sum())
    if people is not None:
        lines += [
            f"Effectifs masqués : {hidden} (seuil {k}). {_WHERE}",
            "Cette publication est retenue dans publications.jsonl (à garder, jamais à diffuser).",
        ]
    return Answer({"schema": schema, "couches": counts, "seuil": k, "masques": hidden}, lines)
