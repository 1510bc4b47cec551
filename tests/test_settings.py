"""Settings: French keys, impossible values refused with a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from territory.errors import BadSettings, WrongUsage
from territory.io.new_territory import create_territory
from territory.settings import FILE_NAME, Settings, read_settings

if TYPE_CHECKING:
    from pathlib import Path


def test_a_new_territory_reads_back_with_the_defaults(tmp_path: Path) -> None:
    create_territory(tmp_path, name='Le "bourg" \\ fictif', communes=["93010", "2A004"])
    settings = read_settings(tmp_path)
    assert settings.ground.name == 'Le "bourg" \\ fictif'
    assert settings.ground.communes == ("93010", "2A004")
    assert settings.week == Settings().week
    assert (tmp_path / "data" / "raw").is_dir()


def test_a_territory_is_never_overwritten(tmp_path: Path) -> None:
    create_territory(tmp_path, name="a", communes=[])
    with pytest.raises(WrongUsage, match=r"contient déjà un territoire.*Rien n'a été modifié"):
        create_territory(tmp_path, name="b", communes=[])
    assert read_settings(tmp_path).ground.name == "a"


@pytest.mark.parametrize("code", ["930", "93 10", "930100", "93-10"])
def test_an_impossible_commune_code_is_named(tmp_path: Path, code: str) -> None:
    with pytest.raises(WrongUsage, match=f"impossibles : {code}"):
        create_territory(tmp_path / "t", name="a", communes=[code])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[marche]\nvitesse_kmh = 40", r"« marche\.vitesse_kmh » \(doit valoir au plus 7"),
        ("[marche]\nvitese = 4", r"« marche\.vitese » \(ce réglage n'existe pas\)"),
        ("[marche\n", "n'est pas lisible"),
    ],
)
def test_bad_settings_are_refused_in_french(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "territory.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadSettings, match=message):
        read_settings(tmp_path)


def test_a_folder_without_settings_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="territory init"):
        read_settings(tmp_path)


def test_settings_saved_by_a_text_editor_of_windows(tmp_path: Path) -> None:
    text = '[territoire]\nnom = "Évry"\n'
    (tmp_path / FILE_NAME).write_bytes(text.encode("utf-8-sig"))
    assert read_settings(tmp_path).ground.name == "Évry"
    (tmp_path / FILE_NAME).write_bytes(text.encode("cp1252"))
    with pytest.raises(BadSettings, match="n'est pas enregistré en UTF-8"):
        read_settings(tmp_path)
    (tmp_path / FILE_NAME).write_text("a = " + "[" * 100_000, encoding="utf-8")
    with pytest.raises(BadSettings, match="n'est pas lisible"):
        read_settings(tmp_path)
