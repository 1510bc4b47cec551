"""What slows walkers beside the streets themselves: relief, and areas the team wants to avoid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import shapely

from territory.errors import UnknownKind
from territory.io.crs import repair_geometry, to_metric
from territory.io.layers import choose_layer
from territory.io.values import read_yes_no
from territory.model.issues import ReadReport

if TYPE_CHECKING:
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from territory.io.intake import Raw
    from territory.model.heights import HeightGrid


@dataclass(frozen=True, slots=True, eq=False)
class Hindrances:
    """Heights where they are known, and the areas to avoid as one shape, in one metric CRS."""

    heights: HeightGrid | None
    avoid: BaseGeometry | None


def read_hindrances(
    raw: Raw, inside: BaseGeometry, *, epsg: int = 2154
) -> tuple[Hindrances, tuple[ReadReport, ...]]:
    """
    Read the relief near `inside` and the areas to avoid, in EPSG:`epsg` (metres).

    Raises UnreadableFile (French) for a damaged file, DataProblem for areas that cannot be placed.
    """
    from territory.io.heights import read_heights  # noqa: PLC0415 - slow to load, asked for by few steps

    heights, reports = read_heights([p for p, _ in raw.of("heights")], inside=inside, epsg=epsg)
    areas, told = [], []
    for path, layer in raw.of("avoid"):
        shape, report = read_avoided(path, layer=layer, epsg=epsg)
        areas.append(shape)
        told.append(report)
    avoid = shapely.union_all(areas) if areas else None
    return Hindrances(heights, avoid), (*reports, *told)


def read_avoided(
    path: Path, *, layer: str | None = None, epsg: int = 2154
) -> tuple[BaseGeometry, ReadReport]:
    """
    Return the areas of a drawing whose column « eviter » says yes, as one shape in EPSG:`epsg`.

    Raises UnreadableFile, UnknownKind or DataProblem (French).
    """
    drawn = choose_layer(path, layer, ("avoid",))
    if "eviter" not in drawn:
        raise UnknownKind(
            f"« {path.name} » ne dit pas quels secteurs éviter : il manque la colonne « eviter »."
        )
    metric, issues = to_metric(drawn, file=path.name, epsg=epsg)
    sound, faults = repair_geometry(metric, file=path.name)
    wanted = sound["eviter"].map(lambda value: read_yes_no(str(value)) is not False).astype(bool)
    shape = shapely.union_all(sound.geometry[wanted].to_numpy())
    report = ReadReport(
        path.name, "secteurs à éviter", len(drawn), int(wanted.sum()), (*issues, *faults)
    )
    return shape, report
