"""Layers written into a PostGIS base: all of them replaced together, views and rights kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import shapely
from pandas.api import types
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from territory.errors import WrongUsage
from territory.web.database import SERVER, alone, insisting, writing

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd
    from shapely.geometry.base import BaseGeometry
    from sqlalchemy.engine import Connection, Engine

    from territory.outputs.shared_layers import Shared

ABOUT = "a_propos"
_NAME = re.compile(r"[a-z_][a-z0-9_]{0,40}")
_USED_BY_OTHERS, _NOT_ALLOWED = "2BP01", "42501"
_AT_ONCE = 1_000  # rows of an insertion


@insisting
def write_layers(
    engine: Engine,
    schema: str,
    layers: Mapping[str, gpd.GeoDataFrame],
    shared: Mapping[str, Shared],
    about: Mapping[str, str],
) -> None:
    """
    Replace the tables `layers` of `schema` in one transaction; those of `shared` not given go away.

    Shapes keep the CRS of their layer. Who reads meanwhile sees the former ones. A table of the
    same columns keeps its views and its rights. `about` fills the table « a_propos ». Raises
    WrongUsage (French) when the base is no PostgreSQL, has no PostGIS, gives no right to write, or
    holds a view on a table whose columns change.
    """
    if engine.dialect.name != SERVER:
        raise WrongUsage("Les couches se publient dans une base PostgreSQL, avec PostGIS.")
    if not _NAME.fullmatch(schema):
        raise WrongUsage(
            f"« {schema} » ne peut pas nommer un schéma : minuscules sans accent, chiffres et _."
        )
    try:
        with writing(engine) as base:
            alone(base, f"layers {schema}")
            gis = _postgis(base)
            base.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{schema}"'))
            for name in [one for one in shared if one not in layers]:
                base.execute(text(f'DROP TABLE IF EXISTS "{schema}"."{name}"'))
            for name, layer in layers.items():
                _write(base, f'"{schema}"."{name}"', layer, shared[name], gis)
                _comment(base, f'"{schema}"."{name}"', shared[name].meant)
            _tell(base, f'"{schema}"."{ABOUT}"', about)
    except DBAPIError as error:
        raise _refused(error) from error


def _postgis(base: Connection) -> str:
    """Return the schema of PostGIS in this base; raises WrongUsage (French) without it."""
    found = base.scalar(text(
        "SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace "
        "WHERE e.extname = 'postgis'"
    ))  # fmt: skip
    if found is None:
        raise WrongUsage(
            "Cette base n'a pas l'extension PostGIS : aucune couche n'a été écrite. Sur le serveur,"
            " installez-la (Debian : postgresql-15-postgis-3), puis qu'un administrateur de la base"
            " tape : CREATE EXTENSION postgis;"
        )
    return str(found)


def _write(base: Connection, name: str, layer: gpd.GeoDataFrame, told: Shared, gis: str) -> None:
    epsg = layer.crs.to_epsg()
    columns = {n: _type(layer[n]) for n in layer.columns if n != "geometry"}
    columns["geometry"] = f'"{gis}".geometry({told.kind},{epsg})'
    typed = ", ".join(f'"{n}" {kind}' for n, kind in columns.items())
    keyed = ", ".join(f'"{n}"' for n in told.key)
    if _columns(base, name) == {n: kind.removeprefix(f'"{gis}".') for n, kind in columns.items()}:
        base.execute(text(f"DELETE FROM {name}"))  # noqa: S608 - names of this program
    else:
        base.execute(text(f"DROP TABLE IF EXISTS {name}"))
        base.execute(text(f"CREATE TABLE {name} ({typed}, PRIMARY KEY ({keyed}))"))
        base.execute(text(f"CREATE INDEX ON {name} USING gist (geometry)"))
    values = ", ".join(f":{n}" for n in columns if n != "geometry")
    shape = f'"{gis}".ST_GeomFromWKB(:geometry, {epsg})'
    into = text(f"INSERT INTO {name} VALUES ({values}, {shape})")  # noqa: S608 - the same
    rows = _rows(layer)
    for first in range(0, len(rows), _AT_ONCE):
        base.execute(into, rows[first : first + _AT_ONCE])


def _rows(layer: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Return the rows as the base takes them: unknown is None, shapes are binary, all « multi »."""
    shapes = [
        None if s is None or s.is_empty else shapely.to_wkb(_multi(s)) for s in layer.geometry
    ]
    plain = layer.drop(columns="geometry").astype(object)
    found = plain.where(plain.notna(), None).to_dict("records")
    return [
        {str(n): v for n, v in row.items()} | {"geometry": shape}
        for row, shape in zip(found, shapes, strict=True)
    ]


def _multi(shape: BaseGeometry) -> BaseGeometry:
    """Return a surface or a line as several, of which it is the only one."""
    if isinstance(shape, shapely.Polygon):
        return shapely.MultiPolygon([shape])
    return shapely.MultiLineString([shape]) if isinstance(shape, shapely.LineString) else shape


def _type(column: pd.Series) -> str:
    if types.is_bool_dtype(column):
        return "boolean"
    if types.is_integer_dtype(column):
        return "bigint"
    return "double precision" if types.is_float_dtype(column) else "text"


def _columns(base: Connection, name: str) -> dict[str, str]:
    """Return the type of each column of a table, in order; nothing when it is not there."""
    asked = text(
        "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute "
        "WHERE attrelid = to_regclass(:name) AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
    )
    found = base.execute(asked, {"name": name})
    return {column: kind[kind.find("geometry(") :] if "geometry(" in kind else kind
            for column, kind in found}  # fmt: skip


def _comment(base: Connection, name: str, meant: str) -> None:
    quoted = meant.replace("'", "''").replace(":", "\\:")
    base.execute(text(f"COMMENT ON TABLE {name} IS '{quoted}'"))


def _tell(base: Connection, name: str, about: Mapping[str, str]) -> None:
    base.execute(text(f"CREATE TABLE IF NOT EXISTS {name} (quoi text PRIMARY KEY, dit text)"))
    base.execute(text(f"DELETE FROM {name}"))  # noqa: S608 - a name of this program
    rows = [{"quoi": n, "dit": v} for n, v in about.items()]
    base.execute(text(f"INSERT INTO {name} VALUES (:quoi, :dit)"), rows)  # noqa: S608


def _refused(error: DBAPIError) -> Exception:
    state = getattr(error.orig, "sqlstate", None)
    if state == _USED_BY_OTHERS:
        return WrongUsage(
            "Une vue de la base s'appuie sur une couche dont les colonnes changent : supprimez-la, "
            "publiez, puis refaites-la. Rien n'a été changé."
        )
    if state == _NOT_ALLOWED:
        return WrongUsage(
            "Le compte de cette adresse n'a pas le droit d'écrire ce schéma. Rien n'a été changé."
        )
    return error
