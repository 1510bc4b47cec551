"""`territory exchange`: counts go out and come back the same; people never come in."""

from __future__ import annotations

import csv
import json
import shutil
from datetime import date
from random import Random
from typing import TYPE_CHECKING

import pytest

from territory.cli import run
from territory.io.raw_folder import add_raw, read_raw
from territory.io.recognise import recognise
from territory.pipeline.report import report_step
from territory.pipeline.sources import read_sources
from territory.pipeline.workspace import open_territory
from tests.analysis.report import golden

if TYPE_CHECKING:
    from pathlib import Path

    Captured = pytest.CaptureFixture[str]
EXCHANGED = ("E3o", "E11", "E12", "S18o", "S18", "FVo", "FVn", "FVs", "O5")
STAGES = ("oriente", "entree", "sortie_positive")
STRUCTURES = ("mission_locale", "plie", "")
OUTCOMES = {"oriente": ("entree_plie", "sans_suite", ""), "entree": ("",),
            "sortie_positive": ("cdi", "interim")}  # fmt: skip


def lines_of(seed: int, count: int = 120) -> golden.Rows:
    """Return counts that stand alone, of these stages, drawn from a seed."""
    random = Random(seed)  # noqa: S311 - a test year
    found: golden.Rows = []
    for _ in range(count):
        stage = random.choice(STAGES)
        found.append(
            {"date": date(2026, random.randint(1, 10), random.randint(1, 28)),
             "commune": random.choice(golden.COMMUNES), "nombre": random.randint(1, 9),
             "etape": stage, "issue": random.choice(OUTCOMES[stage]),
             "orientation_vers": random.choice(STRUCTURES) if stage == "oriente" else ""}
        )  # fmt: skip
    return found


def town(folder: Path, seed: int) -> Path:
    sheets = golden.est_ensemble()
    del sheets["partenaires"]
    sheets["activites"] = sheets["activites"][:80]
    for row in sheets["activites"]:
        row.pop("nb_orientes", None)
    return golden.write_territory(folder, {**sheets, "contacts": lines_of(seed)})


def figures(folder: Path) -> dict[str, float]:
    found = report_step(read_sources(open_territory(folder)), "2026", "est_ensemble")
    table = found.figures.table["value"]
    return {
        str(name): value for name, value in table.items() if str(name).split("/")[0] in EXCHANGED
    }


def answer(folder: Path, capsys: Captured, *arguments: str, code: int = 0) -> dict[str, object]:
    capsys.readouterr()
    assert run(["exchange", str(folder), *arguments, "--json"]) == code
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


@pytest.mark.parametrize("seed", [1, 2])
def test_what_goes_out_comes_back_as_the_same_figures(
    seed: int, tmp_path: Path, capsys: Captured
) -> None:
    first = town(tmp_path / "a", seed)
    answer(first, capsys, "--equipe")
    given = first / "outputs" / "echange" / "parcours_equipe.csv"
    days, met = golden.working_days(date(2026, 1, 5)), golden.counts(nb_informes=[20] * 3)
    sheets = {"activites": golden.activities("maraude", "m", days, met)}
    second = golden.write_territory(tmp_path / "b", sheets)
    add_raw(second, given, recognise(given))
    assert figures(first) == pytest.approx(figures(second), nan_ok=True)
    assert sum(name.startswith("FVo/") for name in figures(first)) == len(golden.COMMUNES)


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    return town(tmp_path / "donne", 3)


def test_no_small_count_goes_outside_and_it_is_recorded(asked: Path, capsys: Captured) -> None:
    told = answer(asked, capsys)
    assert told["seuil"] == 11
    assert all(int(row["nombre"]) >= 11 for row in rows(asked / str(told["fichiers"][0])))  # type: ignore[index]
    published = (asked / "publications.jsonl").read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["nom"] for line in published} == {
        f"parcours_{stage}_par_commune_et_mois" for stage in STAGES
    }
    last = json.loads((asked / "journal.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert last["command"] == "exchange_out"
    assert [file["name"] for file in last["outputs"]] == told["fichiers"]


def test_small_counts_that_went_out_are_not_found_by_another_cut(
    asked: Path, capsys: Captured
) -> None:
    answer(asked, capsys)
    capsys.readouterr()
    code = run(["exchange", str(asked), "--par", "structure"])
    said = capsys.readouterr()
    assert code in {0, 1}
    assert code == 0 or "permettrait de retrouver" in said.err + said.out


SOFTWARE = (
    "Date d'orientation;Date d'entrée;Date de sortie;Ville;Type de structure;Motif de sortie\r\n"
    "03/11/2026;;;Valfictif;Mission locale;\r\n"
    "04/11/2026;10/11/2026;;Valfictif;PLIE;\r\n"
    "05/11/2026;11/11/2026;20/11/2026;Ailleurs;PLIE;CDI\r\n"
    "06/11/2026;12/11/2026;20/11/2026;Valfictif;PLIE;Abandon\r\n"
)


@pytest.fixture
def receiving(asked: Path, tmp_path: Path) -> tuple[Path, Path]:
    folder = tmp_path / "ville"
    shutil.copytree(asked, folder)
    path = tmp_path / "export.csv"
    path.write_text(SOFTWARE, encoding="utf-8")
    return folder, path


def received(folder: Path) -> list[str]:
    return [file.name for file in read_raw(folder) if file.name.startswith("echange_")]


def test_rows_of_people_become_counts_once(receiving: tuple[Path, Path], capsys: Captured) -> None:
    folder, path = receiving
    answer(folder, capsys, str(path))
    (name,) = received(folder)
    written = rows(folder / "data" / "raw" / name)
    assert {row["date"] for row in written} == {"01/11/2026"}  # never the day
    assert sum(int(row["nombre"]) for row in written if row["etape"] == "oriente") == 4
    assert sum(int(row["nombre"]) for row in written if row["etape"] == "entree") == 3
    assert [row["issue"] for row in written if row["etape"] == "sortie_positive"] == ["cdi"]
    assert "Ailleurs" not in {row["commune"] for row in written}
    before = figures(folder)
    again = answer(folder, capsys, str(path))
    assert again["fichiers"][0]["ajoutees"] == 0  # type: ignore[index]
    assert figures(folder) == pytest.approx(before, nan_ok=True)
    assert path.exists()


def test_what_the_log_counts_already_is_said_and_left_out(
    receiving: tuple[Path, Path], capsys: Captured
) -> None:
    folder, path = receiving
    held = next(line["date"] for line in lines_of(3) if line["orientation_vers"] == "plie")
    text = f"date;etape;structure;nombre\n{held};oriente;PLIE;2\n02/12/2025;oriente;PLIE;3\n"
    path.write_text(text, encoding="utf-8")
    capsys.readouterr()
    assert run(["exchange", str(folder), str(path)]) == 0
    said = capsys.readouterr().out
    assert "Déjà compté dans le suivi" in said
    assert f"{held:%Y-%m}, orientation, PLIE : 2 ici" in said
    (name,) = received(folder)
    assert [row["date"] for row in rows(folder / "data" / "raw" / name)] == ["01/12/2025"]
    answer(folder, capsys, str(path), "--ajouter")
    assert len(rows(folder / "data" / "raw" / name)) == 2
    assert received(folder) == [name]


@pytest.mark.parametrize(
    ("header", "row", "sentence"),
    [
        ("Nom;Date;Etape", "Dupuis;03/11/2026;oriente", "« Nom »"),
        ("Date de naissance;Date;Etape", "03/11/1990;03/11/2026;oriente", "« Date de naissance »"),
        ("Nationalité;Date;Etape", "x;03/11/2026;oriente", "art. 9"),
        ("Matricule;Date;Etape", "12;03/11/2026;oriente", "Matricule"),
        ("Dupuis;03/11/2026;oriente", "Dupuis;03/11/2026;oriente", "il faut une colonne"),
    ],
)
def test_a_file_about_people_never_enters(
    header: str, row: str, sentence: str, receiving: tuple[Path, Path], capsys: Captured
) -> None:
    folder, path = receiving
    path.write_text(f"{header}\n{row}\n", encoding="utf-8")
    assert run(["exchange", str(folder), str(path)]) != 0
    said = capsys.readouterr()
    assert sentence in said.out + said.err
    assert "Dupuis" not in said.out + said.err
    assert received(folder) == []


def test_a_cell_that_identifies_somebody_refuses_its_line(
    receiving: tuple[Path, Path], capsys: Captured
) -> None:
    folder, path = receiving
    path.write_text(
        "date;etape;commune\n02/12/2025;oriente;06 12 34 56 78\n02/12/2025;oriente;Valfictif\n",
        encoding="utf-8",
    )
    told = answer(folder, capsys, str(path), code=1)
    assert told["fichiers"][0]["refusees"] == 1  # type: ignore[index]
    assert told["fichiers"][0]["ajoutees"] == 1  # type: ignore[index]
    texts = [p.read_text(encoding="utf-8-sig") for p in folder.rglob("*.csv")]
    assert not any("06 12 34" in text for text in texts)


def test_a_mapping_reads_other_headers_and_other_words(
    receiving: tuple[Path, Path], tmp_path: Path, capsys: Captured
) -> None:
    folder, path = receiving
    path.write_text(
        "Jour de prescription;Organisme;Agence\n02/12/2025;ML 93;Nord\n", encoding="utf-8"
    )
    mapping = tmp_path / "viesion.toml"
    mapping.write_text(
        'etape = "oriente"\nignorer = ["Agence"]\n[colonnes]\ndate = "Jour de prescription"\n'
        'structure = "Organisme"\n[valeurs]\n"ml 93" = "mission_locale"\n',
        encoding="utf-8",
    )
    answer(folder, capsys, str(path), "--correspondance", str(mapping))
    (name,) = received(folder)
    (row,) = rows(folder / "data" / "raw" / name)
    assert (row["etape"], row["orientation_vers"]) == ("oriente", "mission_locale")
