"""Busy streets on the map and in the GeoPackage: classes, French words, unknown kept apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyogrio

from territory.analysis.passage import passage_table
from territory.model.results import Calibration
from territory.outputs.account import passage_account
from territory.outputs.french import THIN
from territory.outputs.layers import write_layers
from territory.outputs.maps import write_map
from territory.outputs.passage_layers import (
    COLORS,
    passage_block,
    passage_classes,
    passage_frame,
    passage_styles,
)
from territory.outputs.typography import typeset
from tests.outputs.map_town import streets, town

if TYPE_CHECKING:
    from pathlib import Path


def passage(known: int = 150) -> pd.DataFrame:
    """The later a segment, the busier; the last fifty are not known."""
    segments = streets()
    load = np.where(np.arange(len(segments)) < known, np.arange(len(segments)), np.nan)
    loads = pd.DataFrame({"transports": load, "loisirs": load}, index=segments.index)
    return passage_table(loads, segments["length_m"])


def test_classes_are_shares_of_the_streets() -> None:
    table = passage()
    classes = passage_classes(table, table.index)
    assert (classes[150:] == 0).all()
    found = np.bincount(classes[:150], minlength=6)[1:] / 150
    np.testing.assert_allclose(found, [0.5, 0.25, 0.15, 0.07, 0.03], atol=0.02)
    assert passage_classes(table, pd.Index([999])).tolist() == [0]
    assert len(passage_styles()) == len(COLORS) + 1


def test_the_block_says_when_in_french() -> None:
    segments = streets().assign(name="rue Droite")
    segments.loc[140, "name"] = "avenue du Marché"
    segments.loc[149, "name"] = pd.NA
    block = passage_block(passage(), segments, Calibration())
    assert block["name"].endswith("(modèle relatif, sans comptages)")
    assert [row[0] for row in block["rows"]] == ["rue Droite", "avenue du Marché"]
    assert block["rows"][0][2] == "lundi, mardi, jeudi, vendredi, 7 h à 9 h"
    assert block["rows"][0][1] == "99"


def test_the_geopackage_has_the_known_segments(tmp_path: Path) -> None:
    whole, segments = town(), streets()
    names = ("cells", "gaps", "plan", "places", "communes", "zones", "sites")
    path = write_layers(
        tmp_path / "t.gpkg",
        **{n: whole[n] for n in names},
        passage=passage_frame(passage(), segments),
    )
    layer = pyogrio.read_dataframe(path, layer="passage_a_pied")
    assert len(layer) == 150
    assert layer.crs.to_epsg() == 2154
    assert list(layer.columns[:4]) == ["nom", "rang", "indice", "par_semaine"]
    assert layer["rang"].max() == 150
    assert layer.set_index("rang").loc[1, "indice"] == 100.0


def test_the_map_has_a_layer_and_a_table(tmp_path: Path) -> None:
    without = write_map(tmp_path / "a.html", **town()).read_text(encoding="utf-8")
    page = write_map(tmp_path / "b.html", **town(), passage=passage()).read_text(encoding="utf-8")
    assert "Passage à pied" not in without
    assert page.count(typeset("Passage à pied : rues les plus passantes")) == 1
    assert "du moins au plus passant" in page
    assert "du moins au plus passant" not in without
    assert page.count("new L.PackedShape(") == without.count("new L.PackedShape(")  # shared
    again = passage().sample(frac=1, random_state=1)
    other = write_map(tmp_path / "c.html", **town(), passage=again).read_text(encoding="utf-8")
    assert other == page


def test_the_account_says_what_is_missing() -> None:
    facts = [{"purpose": "courses", "places": 0}, {"purpose": "voisinage", "places": 12}]
    said = passage_account(facts, Calibration())
    assert "visites et promenades" in said[0]
    assert "relatif tant qu'il n'est pas calé" in said[0]
    assert "Aucun lieu connu pour : courses." in said[1]
    assert len(passage_account(facts[1:], Calibration())) == 1


def test_the_account_says_how_many_counts_are_missing() -> None:
    facts = [{"purpose": "voisinage", "places": 12}]
    said = passage_account(facts, Calibration(given=12, used=9, missing=1))
    assert "relatif" in said[0]
    assert said[1].strip().startswith("Comptages donnés : 12, dont 9 à moins de 20 m")
    assert said[2].strip() == "Il manque 1 comptage pour caler le passage."
    nobody = passage_account(facts, Calibration(given=12, used=12, note="Personne."))
    assert nobody[2:] == ["  Personne."]


def test_once_calibrated_the_error_is_said(tmp_path: Path) -> None:
    found = Calibration(40, 34, 0, {"voisinage": 1.2}, 0.25)
    said = passage_account([{"purpose": "voisinage", "places": 12}], found)
    assert said[0].replace(THIN, " ") == (
        "Passage à pied, calé sur 34 comptages, à 25 % près en moyenne : visites et promenades."
    )
    path = write_map(tmp_path / "c.html", **town(), passage=passage(), calibration=found)
    page = path.read_text(encoding="utf-8")
    assert "rues les plus passantes (modèle calé sur 34 comptages" in page
    assert "relatif" not in page
