"""The GeoPackage: every layer readable, French columns, no sensitive place, same bytes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyogrio

from territory.model.facts import FACT_TABLE
from territory.model.tables import conform
from territory.outputs.layers import write_layers
from territory.outputs.zone_fields import zone_cells
from tests.outputs.map_town import gap, outing, plan, stop, town
from tests.outputs.test_zone_cards import zone
from tests.outputs.test_zone_sheets import cell_table

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("cells", "gaps", "plan", "places", "communes", "zones", "sites")
LAYERS = {
    "carreaux", "zones_peu_couvertes", "tournees", "arrets", "partenaires", "communes",
    "quartiers", "permanences_proposees",
}  # fmt: skip


def tables(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    whole = town()
    return {name: whole[name] for name in NAMES} | changes


def written(folder: Path, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    path = write_layers(folder / "t.gpkg", **tables(**changes))
    return {str(n): pyogrio.read_dataframe(path, layer=n) for n, _ in pyogrio.list_layers(path)}


def test_every_layer_comes_back_in_the_crs_of_the_tables(tmp_path: Path) -> None:
    layers = written(tmp_path)
    assert set(layers) == LAYERS
    assert {layer.crs.to_epsg() for layer in layers.values()} == {2154}
    assert all(len(column) <= 30 for layer in layers.values() for column in layer.columns)
    assert list(layers["arrets"]["numero"]) == [1, 2, 1, 2]
    assert layers["tournees"].geometry.length.tolist() == [1500, 1500]


def test_a_zone_is_the_union_of_its_cells(tmp_path: Path) -> None:
    zone = written(tmp_path)["zones_peu_couvertes"].set_index("rang").loc[1]
    assert zone.geometry.area == 2 * 200 * 200
    assert zone["besoin"] == "Raison besoin n° 1."


def test_zones_are_drawn_along_their_streets_beside_their_cells(tmp_path: Path) -> None:
    whole = town()
    ids = list(whole["cells"].index)
    gaps = (replace(zone(), cells=(ids[12], ids[13])), gap(2, (ids[18],)))
    known = cell_table().set_axis([ids[12], ids[13], ids[18]])
    layers = written(
        tmp_path, gaps=gaps, segments=whole["segments"], cell_rows=zone_cells(gaps, known)
    )
    along = layers["zones_le_long_des_rues"].set_index("rang")
    assert (along.geometry.area <= layers["zones_peu_couvertes"].geometry.area.to_numpy()).all()
    assert along.loc[1, "pour_100_haut"] == 72
    assert along.loc[1, "poids_besoin"] + along.loc[1, "poids_acces"] == 1.5
    cells = layers["carreaux_des_zones"]
    assert cells["carreau"].tolist() == [ids[12], ids[13], ids[18]]
    assert set(cells.geometry.area) == {200.0 * 200}
    assert cells["public"].isna().tolist() == [False, False, True]


def test_a_sensitive_place_is_nowhere(tmp_path: Path) -> None:
    hidden = outing(stops=(*outing().stops, stop(3, "Foyer protégé", 900, 700, "p4")))
    layers = written(tmp_path, plan=replace(plan(), sessions=(hidden,)))
    assert "tournees" not in layers  # the walk would lead to it
    assert list(layers["arrets"]["numero"]) == [1, 2]
    assert len(layers["partenaires"]) == 3
    said = " ".join(layer.drop(columns="geometry").to_csv() for layer in layers.values())
    assert "protégé" not in said
    assert "Cachée" not in said


def test_the_day_of_each_fact_is_beside_it(tmp_path: Path) -> None:
    rows = [
        ("p1", "horaires", "2024-03-05"),
        ("p1", "statut", None),
        ("p4", "statut", "2026-05-12"),
    ]
    frame = pd.DataFrame(rows, columns=["place_id", "fact", "verified_on"])
    facts = conform(frame.set_axis(frame["place_id"] + ":" + frame["fact"]), FACT_TABLE)
    found = written(tmp_path, facts=facts)["partenaires"]
    assert found["horaires_verifie_le"].dropna().tolist() == ["2024-03-05"]
    assert found["statut_verifie_le"].isna().all()  # unknown, or of a sensitive place


def test_same_tables_same_bytes(tmp_path: Path) -> None:
    first = write_layers(tmp_path / "a.gpkg", **tables()).read_bytes()
    assert write_layers(tmp_path / "b.gpkg", **tables()).read_bytes() == first
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.gpkg", "b.gpkg"]


def test_tables_are_left_as_they_were(tmp_path: Path) -> None:
    given = tables()
    before = given["places"].copy(deep=True)
    write_layers(tmp_path / "t.gpkg", **given)
    pd.testing.assert_frame_equal(given["places"], before)
