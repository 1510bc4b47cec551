"""Layers in a PostGIS base: replaced together, views kept, small counts hidden as in exports."""

from __future__ import annotations

import csv
import json
import secrets
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pytest
from shapely import LineString, MultiPolygon, Point, box
from sqlalchemy import text

from territory.cli import run
from territory.errors import WrongUsage
from territory.outputs.shared_layers import SHARED, Shared
from territory.web import shared_base
from territory.web.database import make_engine
from territory.web.shared_base import write_layers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.engine import Engine

SAID = "L’une : « zones » d'ici"
NAMES = {
    "zones": Shared(("zone",), "MultiPolygon", SAID),
    "rues": Shared(("segment",), "MultiLineString", ""),
    "lieux": Shared(("nom",), "Point", ""),
}
LINES = gpd.GeoDataFrame({"segment": [1]}, geometry=[LineString([(0, 0), (1, 1)])], crs=2154)


@pytest.fixture
def engine(postgis: str) -> Iterator[Engine]:
    opened = make_engine(postgis)
    yield opened
    opened.dispose()


@pytest.fixture
def schema() -> str:
    return f"t{secrets.token_hex(6)}"


def zones(*names: str, **more: Any) -> gpd.GeoDataFrame:  # noqa: ANN401 - columns
    shapes = [box(0, n, 1, n + 1) if n % 2 else MultiPolygon([box(0, n, 1, n + 1)])
              for n in range(len(names))]  # fmt: skip
    named = pd.array(names, dtype="string")
    return gpd.GeoDataFrame({"zone": named, **more}, geometry=shapes, crs=2154)


def write(engine: Engine, schema: str, **layers: gpd.GeoDataFrame) -> None:
    write_layers(engine, schema, layers, NAMES, {"territoire": "Valfictif"})


def asked(engine: Engine, question: str, schema: str = "") -> list[tuple[Any, ...]]:
    """Return the answers of a question, where « IT » stands for the schema."""
    with engine.connect() as base:
        return [tuple(row) for row in base.execute(text(question.replace("IT", schema)))]


def test_each_value_is_there_unknown_is_null_and_shapes_have_their_crs(
    engine: Engine, schema: str
) -> None:
    layer = zones(
        "é'à", "b", minutes=pd.array([7, None], dtype="Int64"), part=[0.25, float("nan")],
        nom=["« l’un »", None], vu=pd.array([True, None], dtype="boolean"),
    )  # fmt: skip
    write(engine, schema, zones=layer)
    told = asked(engine, "SELECT zone, minutes, part, nom, vu, ST_SRID(geometry), "
                 "GeometryType(geometry), ST_Area(geometry) FROM IT.zones", schema)  # fmt: skip
    assert told == [
        ("é'à", 7, 0.25, "« l’un »", True, 2154, "MULTIPOLYGON", 1.0),
        ("b", None, None, None, None, 2154, "MULTIPOLYGON", 1.0),
    ]
    assert asked(engine, "SELECT * FROM IT.a_propos", schema) == [("territoire", "Valfictif")]
    assert asked(engine, "SELECT obj_description('IT.zones'::regclass)", schema) == [(SAID,)]


def test_lines_and_points_are_written_and_a_layer_not_given_goes_away(
    engine: Engine, schema: str
) -> None:
    places = gpd.GeoDataFrame({"nom": ["a"]}, geometry=[Point(1, 2)], crs=2154)
    write(engine, schema, rues=LINES, lieux=places, zones=zones())
    kinds = asked(engine, "SELECT f_table_name, type FROM geometry_columns "
                  "WHERE f_table_schema = 'IT' ORDER BY 1", schema)  # fmt: skip
    assert kinds == [("lieux", "POINT"), ("rues", "MULTILINESTRING"), ("zones", "MULTIPOLYGON")]
    write(engine, schema, zones=zones("a"))
    left = asked(
        engine, "SELECT tablename FROM pg_tables WHERE schemaname = 'IT' ORDER BY 1", schema
    )
    assert left == [("a_propos",), ("zones",)]


def test_who_reads_sees_the_former_layers_until_all_are_there(
    engine: Engine, schema: str, postgis: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(engine, schema, zones=zones("a", "b"))
    seen = []
    other = make_engine(postgis)
    told = shared_base._tell

    def look(*given: Any) -> None:  # noqa: ANN401
        seen.extend(asked(other, "SELECT zone FROM IT.zones", schema))
        told(*given)

    monkeypatch.setattr(shared_base, "_tell", look)
    write(engine, schema, zones=zones("c"))
    assert seen == [("a",), ("b",)]
    assert asked(engine, "SELECT zone FROM IT.zones", schema) == [("c",)]
    monkeypatch.setattr(shared_base, "_tell", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write(engine, schema, zones=zones("d"), rues=LINES)
    assert asked(engine, "SELECT zone FROM IT.zones", schema) == [("c",)]
    assert asked(engine, "SELECT to_regclass('IT.rues')", schema) == [(None,)]
    other.dispose()


def test_views_are_kept_and_never_destroyed(engine: Engine, schema: str) -> None:
    write(engine, schema, zones=zones("a"))
    with engine.begin() as base:
        base.execute(text(f"CREATE VIEW {schema}.vue AS TABLE {schema}.zones"))
    write(engine, schema, zones=zones("b"))
    assert asked(engine, "SELECT zone FROM IT.vue", schema) == [("b",)]
    with pytest.raises(WrongUsage, match="Une vue de la base s'appuie sur une couche"):
        write(engine, schema, zones=zones("c", rang=[1]))
    assert asked(engine, "SELECT zone FROM IT.vue", schema) == [("b",)]


def test_without_the_right_to_write_nothing_changes(
    engine: Engine, schema: str, postgis: str
) -> None:
    with engine.begin() as base:
        base.execute(text(f"CREATE ROLE {schema} LOGIN"))
    reader = make_engine(postgis.replace("postgres@", f"{schema}@"))
    with pytest.raises(WrongUsage, match="n'a pas le droit d'écrire"):
        write(reader, schema, zones=zones("a"))
    reader.dispose()
    with engine.begin() as base:
        base.execute(text(f"DROP ROLE {schema}"))


def test_a_base_that_cannot_hold_layers_is_refused(base_url: str) -> None:
    opened = make_engine(base_url)
    kind = "PostGIS : aucune couche" if opened.dialect.name == "postgresql" else "avec PostGIS"
    with pytest.raises(WrongUsage, match=kind):
        write(opened, "territoire", zones=zones("a"))
    opened.dispose()


@pytest.mark.parametrize("name", ["", "Zones", 'x"; DROP', "é", "x" * 60])
def test_a_schema_is_named_plainly(postgres_base: str, name: str) -> None:
    opened = make_engine(postgres_base)
    with pytest.raises(WrongUsage, match="ne peut pas nommer un schéma"):
        write(opened, name, zones=zones("a"))
    opened.dispose()


def test_the_town_is_published_as_its_export_is(
    own_demo: Path, engine: Engine, postgis: str, schema: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["export", str(own_demo), "--zonage", "carreau"]) == 0
    recorded = (own_demo / "publications.jsonl").read_bytes()
    words = ["store", "publish", str(own_demo), "--vers", postgis, "--schema", schema]
    capsys.readouterr()
    assert run([*words, "--rues", "--json"]) == 0
    counts = json.loads(capsys.readouterr().out)["couches"]
    assert set(counts) == set(SHARED)
    for name, many in counts.items():
        assert many > 0
        question = (
            "SELECT count(*), bool_and(ST_IsValid(geometry)), min(ST_SRID(geometry)) FROM IT."
        )
        assert asked(engine, question + name, schema) == [(many, True, 2154)]
    assert (own_demo / "publications.jsonl").read_bytes() == recorded, "the same is recorded once"
    told = asked(engine, "SELECT carreau, annee, personnes FROM IT.personnes_informees", schema)
    assert {(c, y): n for c, y, n in told} == printed(own_demo)
    assert run([*words, "--sans-effectifs"]) == 0
    assert asked(engine, "SELECT count(*) FROM IT.personnes_informees", schema) == [(0,)]
    assert asked(engine, "SELECT to_regclass('IT.rues')", schema) == [(None,)]


def printed(folder: Path) -> dict[tuple[str, str], int | None]:
    """Return the counts of the exported table by square and year, None when hidden."""
    path = folder / "outputs/public/personnes_informees_par_carreau_et_annee.csv"
    head, *rows = csv.reader(path.read_text(encoding="utf-8-sig").splitlines(), delimiter=";")
    return {
        (row[0], year.lower()): int(n) if n.isdigit() else None
        for row in rows
        if row[0] != "Total"
        for year, n in zip(head[1:], row[1:], strict=True)
    }
