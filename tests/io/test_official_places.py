"""Real national and regional lists: every flaw counted in their description is met here."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from shapely.geometry import box

from territory.errors import UnreadableFile
from territory.io.official_places import (
    read_digital_advisers,
    read_france_services,
    read_libraries,
    read_pmi,
)
from territory.model.opening import open_spans
from territory.model.tables import PLACES, check_table
from tests.io.tables import save
from tests.real_data import real_file

if TYPE_CHECKING:
    from pathlib import Path

    from territory.model.issues import ReadReport

EST_ENSEMBLE = frozenset(f"930{n:02d}" for n in (6, 8, 10, 45, 48, 53, 55, 61, 63))
BONDY_BOX = box(660_500, 6_865_500, 664_500, 6_869_500)
HEAD = "id_fs,lib_fs,adresse,insee_com,lib_com,latitude,longitude,h_lundi,h_mardi,format_fs\n"


def codes(report: ReadReport) -> Counter[str]:
    return Counter(i.code for i in report.issues)


def test_france_services_real_list() -> None:
    table, report = read_france_services(real_file("partners/france_services_2024-08-01.csv"))
    check_table(table, PLACES)
    assert (report.read, report.kept) == (2845, 2845)
    assert int((~table.fixed_point).sum()) == 163  # buses and itinerant services
    assert codes(report)["E-COORD"] == 2  # Saint-Martin, out of the boxes read here
    assert codes(report)["W-HORAIRE"] == 0
    assert table.opening_hours.notna().sum() > 2700
    assert all(place.startswith("fs-") for place in table.index)


def test_france_services_kept_in_a_territory() -> None:
    path = real_file("partners/france_services_2024-08-01.csv")
    table, report = read_france_services(path, communes=EST_ENSEMBLE)
    assert len(table) == report.read == report.kept == 7
    assert codes(report)["I-HORS"] == 1
    assert "2838" in next(i.problem for i in report.issues if i.code == "I-HORS")
    near, _ = read_france_services(path, inside=BONDY_BOX)
    assert {"fs-1981", "fs-3232"} <= set(near.index)


def test_overlapping_hours_are_merged_and_buses_are_not_places(tmp_path: Path) -> None:
    path = save(
        tmp_path,
        HEAD
        + "1,Maison,1 rue A,93010,Bondy,48.9,2.48,09:00 - 17:30 / 09:00 - 12:00,,Fixe\n"
        + "2,Bus,1 rue A,93010,Bondy,48.9,2.48,,00:00 - 00:00 / 09:00 - 12:00,Bus_équivalent\n"
        + "3,Nulle part,,93010,Bondy,,,,,Fixe\n",
    )
    table, report = read_france_services(path)
    assert table.opening_hours["fs-1"] == "Mo 09:00-17:30"
    assert table.opening_hours["fs-2"] == "Tu 09:00-12:00"
    assert table.fixed_point.tolist() == [True, False]
    assert [(i.code, i.line) for i in report.issues if i.refused] == [("E-COORD", 4)]
    assert codes(report)["W-POINT"] == 1


def test_libraries_real_file() -> None:
    table, report = read_libraries(real_file("partners/bibliotheques_ile_de_france.geojson"))
    check_table(table, PLACES)
    assert (report.read, report.kept, report.refused) == (1168, 1163, 5)  # 5 null geometries
    assert codes(report)["E-COORD"] == 5
    assert Counter(table.kind) == {"mediatheque": 324, "autre": 839}
    assert table.geometry.notna().all()
    public = table[table.kind == "mediatheque"]
    assert public.opening_hours.notna().sum() >= 215  # 7 say nothing, others are not plain weeks
    assert table.index.is_unique  # 10 have no sql_6
    for hours in public.opening_hours.dropna():
        assert any(open_spans(hours, day) for day in _week())


def _week() -> list[date]:
    return [date(2024, 4, 1) + timedelta(days=n) for n in range(35)]


def test_libraries_of_a_territory() -> None:
    path = real_file("partners/bibliotheques_ile_de_france.geojson")
    table, report = read_libraries(path, inside=BONDY_BOX)
    assert 1 <= len(table) <= 6
    assert report.refused == 5  # rows without geometry cannot be said to be elsewhere


def test_pmi_real_list() -> None:
    table, report = read_pmi(real_file("partners/pmi_ile_de_france_2025-07.csv"))
    check_table(table, PLACES)
    assert (report.read, report.kept) == (197, 197)
    shared = next(i for i in report.issues if i.code == "W-POINT")
    assert shared.problem.endswith(": 2.")
    assert table.name.duplicated().sum() == 7
    assert (~table.fixed_point).sum() == 3  # mobile teams
    assert set(table.kind) == {"pmi_sante"}


def test_digital_advisers_real_list() -> None:
    table, report = read_digital_advisers(real_file("partners/conseillers_numeriques_2021.json"))
    check_table(table, PLACES)
    assert (report.read, report.kept, report.refused) == (1450, 1431, 19)
    assert codes(report)["E-COORD"] == 12  # without coordinates
    assert codes(report)["E-VIDE"] == 7  # named « 0 », without commune
    assert codes(report)["W-ZERO"] == 0  # lost zeros are in code_postal, which is not read
    assert not table.address.str.contains("<").any()
    escapes = next(i.problem for i in report.issues if i.code == "W-ENC")
    assert escapes.endswith(": 499.")  # 435 of the form <e?>, the others <c?> and <f?>
    shared = next(i for i in report.issues if i.code == "W-POINT")
    assert shared.problem.endswith(": 32.")  # 38 with the bodies without a name
    assert table.address["cn-1"] == "57 Rue René Nicod 01100 Oyonnax"


def test_digital_advisers_of_a_territory() -> None:
    path = real_file("partners/conseillers_numeriques_2021.json")
    table, _ = read_digital_advisers(path, communes=EST_ENSEMBLE)
    assert len(table) == 10
    inside = BONDY_BOX
    near, report = read_digital_advisers(path, communes=frozenset({"93010"}), inside=inside)
    assert len(near) > 0
    assert codes(report)["E-COORD"] == 0  # those without a point are of other communes
    assert codes(report)["E-VIDE"] == 0  # those without a name lie elsewhere


def test_json_that_is_not_json(tmp_path: Path) -> None:
    path = save(tmp_path, "<html>", name="a.json")
    for read in (read_libraries, read_digital_advisers):
        with pytest.raises(UnreadableFile, match="n'est pas un fichier JSON lisible"):
            read(path)
