"""The house itself: same pins everywhere, no machine path, public names, sizes of rooms."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement

from scripts.commands_page import commands_page
from scripts.write_docs import settings_page

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "territory").rglob("*.py"))


def locked_versions() -> dict[str, str]:
    """Return the version of every package of requirements.lock on CPython 3.11."""
    marks = {**default_environment(), "python_version": "3.11", "python_full_version": "3.11.9"}
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    found = (Requirement(line.rstrip(" \\")) for line in lines if re.match(r"[a-z0-9]", line))
    kept = [r for r in found if r.marker is None or r.marker.evaluate(marks)]
    return {r.name: str(r.specifier).removeprefix("==") for r in kept}


def direct_dependencies() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [Requirement(line) for line in project["dependencies"]]


def test_lock_satisfies_the_project() -> None:
    versions = locked_versions()
    assert [r.name for r in direct_dependencies() if versions[r.name] not in r.specifier] == []


def test_environment_yml_has_the_same_pins_as_the_lock() -> None:
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^ +- ([a-z0-9-]+)={1,2}([0-9][\w.]*)$", text, flags=re.MULTILINE))
    assert listed.pop("python") == "3.11"
    versions = locked_versions()
    assert listed == {r.name: versions[r.name] for r in direct_dependencies()}


def tracked_texts() -> list[Path]:
    names = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    suffixes = {".py", ".md", ".toml", ".yml", ".lock", ".json", ".csv", ".typ", ".js", ".css", ""}
    return [ROOT / n for n in names if n and Path(n).suffix in suffixes and (ROOT / n).is_file()]


def test_no_machine_path_and_no_registry_address_is_tracked() -> None:
    machine = re.compile(r"(?<![\w.])/(?:work|home|root|tmp|opt|Users)/")
    registry = re.compile(r"pypi\.org|pythonhosted|registry\.npmjs|conda\.anaconda")
    texts = {p: p.read_text(encoding="utf-8", errors="ignore") for p in tracked_texts()}
    found = [p.name for p, t in texts.items() if machine.search(t) or registry.search(t)]
    assert [n for n in found if n != Path(__file__).name] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_rooms_are_small_and_functions_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    functions = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.FunctionDef)]
    too_long = [f.name for f in functions if _body_lines(f) > 40]
    assert too_long == []


def _body_lines(function: ast.FunctionDef) -> int:
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_notebooks_are_scripts_without_outputs() -> None:
    assert list((ROOT / "notebooks").glob("*.py"))
    assert [p for p in tracked_texts() if p.suffix == ".ipynb"] == []


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs" / "reglages.md").read_text(encoding="utf-8")
    assert page == settings_page()


def test_every_command_is_documented() -> None:
    page = (ROOT / "docs" / "commandes.md").read_text(encoding="utf-8")
    assert page == commands_page()


def test_the_pictures_of_the_readme_are_there() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)
    assert pictures
    assert all((ROOT / name).stat().st_size > 10_000 for name in pictures)
