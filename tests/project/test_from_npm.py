"""What the pages take from npm: the build puts it into both kinds of wheel, and pages serve it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hatchling.builders.wheel import WheelBuilderConfig

import hatch_build
from territory.web.assets import served, web_manifest

ROOT = Path(__file__).resolve().parents[2]


def pinned() -> list[dict[str, Any]]:
    """Return what pyproject.toml asks of npm."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    hooks = project["tool"]["hatch"]["build"]["targets"]["wheel"]["hooks"]
    return list(hooks["custom"]["packages"])


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    """Stand in for npm; the calls are listed."""
    calls: list[tuple[str, str, str]] = []

    def vendor(dest: Path, package: str, version: str, integrity: str, *, registry: str) -> None:
        assert registry.startswith("https://")
        dest.mkdir(parents=True)
        calls.append((package, version, integrity))

    monkeypatch.setattr(hatch_build, "vendor_package", vendor)
    return calls


@pytest.mark.parametrize(
    ("kind", "given"), [("standard", "force_include"), ("editable", "force_include_editable")]
)
def test_the_build_fetches_each_package_once(
    tmp_path: Path, fetched: list[tuple[str, str, str]], kind: str, given: str
) -> None:
    for _ in range(2):
        included: dict[str, Any] = {"force_include": {}, "force_include_editable": {}}
        hook = hatch_build.FromNpm(
            str(tmp_path), {"packages": pinned()}, WheelBuilderConfig, None, str(tmp_path), "wheel"
        )  # type: ignore[arg-type]
        hook.initialize(kind, included)
    assert fetched == [(p["package"], p["version"], p["integrity"]) for p in pinned()]
    assert all(p["integrity"].startswith("sha512-") for p in pinned())
    goals = sorted(included.pop(given).values())
    assert goals == sorted(
        f"territory_assets/{p['name']}/{Path(name).name}"
        for p in pinned()
        for name in ("package.json", *p["files"])
    )
    assert list(included.values()) == [{}]


def test_the_files_served_are_those_pinned() -> None:
    told = {asset.name: asset for asset in web_manifest()}
    for package in pinned():
        asset = told[Path(package["files"][0]).name]
        assert asset.version == package["version"]
        assert asset.licence in {"MIT", "OFL-1.1"}
        assert re.fullmatch(r"[0-9a-f]{64}", asset.sha256)


def test_pico_lies_whole_in_a_layer() -> None:
    sent = served()["pico.css"].content.decode("utf-8")
    assert sent.startswith("@layer pico {")
    assert "@charset" not in sent
    assert "@import" not in sent
    assert sent.count("{") == sent.count("}")


def test_the_style_asks_only_for_files_that_are_served() -> None:
    asked = re.findall(r'url\("([^"]+)"\)', served()["app.css"].content.decode("utf-8"))
    assert len(asked) == 1
    assert set(asked) <= {file.name for file in served().values()}
