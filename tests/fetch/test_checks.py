"""What a received file must show before it replaces another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from territory.errors import UnreadableFile
from territory.fetch.checks import Seen, check, form_of
from territory.fetch.sources import ALL, CENSUS, COMMUNES, FRANCE_SERVICES, IRIS, QPV, STREETS
from tests.fetch.grounds import collection, outline, written
from tests.real_data import real_file

if TYPE_CHECKING:
    from pathlib import Path

SERVICES = "id_fs,lib_fs,insee_com,latitude,longitude,format_fs\n1,a,93010,48.9,2.4,Fixe\n"


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (b"", "empty"),
        (b"PK\x03\x04abc", "zip"),
        (b"7z\xbc\xaf'\x1cxx", "7z"),
        (b"\x1f\x8b\x08", "gz"),
        (b"PAR1....", "parquet"),
        (b"  <!DOCTYPE html><html>", "page"),
        (b"<?xml version='1.0'?>\n<html xmlns=''>", "page"),
        (b"<?xml version='1.0'?><ows:ExceptionReport>", "page"),
        (b"<?xml version='1.0'?><osm version='0.6'>", "xml"),
        (b'\xef\xbb\xbf{"type": "x"}', "json"),
        (b"a;b\n1;2\n", "text"),
        (b"ab\x00cd", "binary"),
    ],
)
def test_the_form_is_told_by_the_first_bytes(tmp_path: Path, content: bytes, form: str) -> None:
    assert form_of(written(tmp_path / "f", content)) == form


def test_a_sound_table(tmp_path: Path) -> None:
    path = written(tmp_path / "f.csv", SERVICES.rstrip("\n"))
    assert check(path, FRANCE_SERVICES, 1).rows == 1


def test_columns_in_any_case_and_of_any_year(tmp_path: Path) -> None:
    path = written(tmp_path / "f.csv", "IRIS;P31_POP1564;P31_ACT1564;P31_CHOM1564\n1;2;3;4\n")
    assert check(path, CENSUS, 1).columns[1] == "p31_pop1564"


def test_a_sound_layer(tmp_path: Path) -> None:
    path = written(tmp_path / "f.geojson", collection(outline("93010", "Carré")))
    assert check(path, COMMUNES, 1) == Seen(("code", "nom"), 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<html><body>Erreur</body></html>", "page web au lieu du fichier"),
        ("", "pas la forme attendue .vide"),
        ('{"a": 1}', "colonnes changées"),
        (SERVICES.replace("lib_fs", "nom"), "colonnes changées, il manque lib_fs"),
        (SERVICES, "1 lignes reçues, au moins 2000 attendues"),
        ("\x00\x01\x02", "pas la forme attendue .données inconnues"),
    ],
)
def test_what_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = written(tmp_path / "f.csv", text)
    with pytest.raises(UnreadableFile, match=message):
        check(path, FRANCE_SERVICES, FRANCE_SERVICES.minimum_rows)


def test_a_table_where_a_layer_is_expected(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="forme attendue"):
        check(written(tmp_path / "f", "code;nom\n93010;Bondy\n"), COMMUNES, 1)


def test_a_result_cut_short_by_the_service(tmp_path: Path) -> None:
    feature = outline("930100101", "a")
    feature["properties"] = {"code_iris": "930100101", "nom_iris": "a"}
    whole = collection(feature)
    ending = b', "totalFeatures": 9, "numberMatched": 9, "numberReturned": 1}'
    path = written(tmp_path / "f.json", whole[:-1] + ending)
    with pytest.raises(UnreadableFile, match="qu'une partie du résultat"):
        check(path, IRIS, 1)
    assert check(written(tmp_path / "g.json", whole), IRIS, 1).rows == 1


def test_overpass_out_of_time(tmp_path: Path) -> None:
    text = '<?xml version="1.0"?><osm version="0.6"><remark>runtime error: timed out</remark></osm>'
    with pytest.raises(UnreadableFile, match="qu'une partie du résultat"):
        check(written(tmp_path / "f.osm", text), STREETS, 1)


def test_parquet(tmp_path: Path) -> None:
    path = tmp_path / "f.parquet"
    pd.DataFrame({"Code_QP": ["a"], "lib_qp": ["b"], "insee_com": ["c"]}).to_parquet(path)
    table = replace(QPV, content="table")
    assert check(path, table, 1).rows == 1


def test_real_files_pass() -> None:
    fs = check(real_file("partners/france_services_2024-08-01.csv"), FRANCE_SERVICES, 2000)
    assert fs.rows >= 2845  # a quoted cell may hold a line break
    assert check(real_file("iris/base-ic-activite-residents-2016-idf.csv"), CENSUS, 1).rows == 5258


def test_keys_targets_and_addresses_are_distinct_and_protected() -> None:
    assert len({s.key for s in ALL}) == len(ALL) == 12
    assert len({s.target for s in ALL}) == len(ALL)
    assert all(a.startswith("https://") for s in ALL for a in s.addresses)
    assert all(s.licence and s.publisher and s.names and s.page for s in ALL)
