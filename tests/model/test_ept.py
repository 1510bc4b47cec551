"""The EPT of Greater Paris, against IGN's outlines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd

from territory.cli import run
from territory.model.ept import EPTS, ept
from territory.settings import read_settings
from tests.real_data import real_file

if TYPE_CHECKING:
    import pytest

MERGED = {"93059": "93066"}  # Pierrefitte-sur-Seine, in Saint-Denis since 2025


def test_each_has_the_communes_of_the_outlines() -> None:
    towns = gpd.read_file(real_file("admin/mgp_com.shp"))
    number = towns["CODE_EPT"].str.extract(r"^(T\d+)")[0]
    for one in EPTS:
        drawn = towns.loc[number == one.name.partition("(")[2].rstrip(")"), "CODE_COM"]
        assert set(one.communes) == {MERGED.get(code, code) for code in drawn}


def test_a_commune_has_one_ept() -> None:
    every = [code for one in EPTS for code in one.communes]
    assert len(every) == len(set(every))
    assert len({one.siren for one in EPTS}) == 11


def test_another_body_is_unknown() -> None:
    assert ept("200054781") is None  # the Métropole itself


def test_a_territory_starts_from_an_ept(tmp_path) -> None:
    assert run(["init", str(tmp_path / "t"), "--epci", "200057875"]) == 0
    found = read_settings(tmp_path / "t").ground.communes
    assert len(found) == 9
    assert "93010" in found


def test_an_unknown_siren_says_what_to_do(tmp_path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", str(tmp_path / "t"), "--epci", "123456789"]) == 2
    assert "--communes" in capsys.readouterr().err
    assert not (tmp_path / "t").exists()
