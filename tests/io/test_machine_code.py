"""Machine code kept from other sources is taken away; that of the same sources stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from territory.io.machine_code import PACKAGE, forget_stale, fresh, remember

if TYPE_CHECKING:
    from pathlib import Path

LOOP = "from territory.network.hierarchy.kernel import kernel\n"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Return a package of a loop, a constant of it, its decorators, and a source not compiled."""
    for name, text in {
        "network/hierarchy/kernel.py": "options = 1\n",
        "siting/loop.py": LOOP,
        "siting/layout.py": LOOP + "WIDTH = 3\n",
        "siting/page.py": "TITLE = 1\n",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def compiled(package: Path) -> list[Path]:
    """Write what numba would keep; return the files."""
    cache = package / "siting" / "__pycache__"
    cache.mkdir(exist_ok=True)
    kept = [cache / "loop.go-1.py311.nbi", cache / "loop.go-1.py311.1.nbc"]
    for path in kept:
        path.write_bytes(b"code")
    (cache / "loop.cpython-311.pyc").write_bytes(b"code")
    return kept


def test_code_never_remembered_is_taken_away_and_nothing_else(package: Path) -> None:
    kept = compiled(package)
    assert forget_stale(package) == 2
    assert not any(path.exists() for path in kept)
    assert (package / "siting/__pycache__/loop.cpython-311.pyc").exists()


def test_nothing_happens_when_nothing_changed(package: Path) -> None:
    kept = compiled(package)
    remember(package)
    (package / "siting/page.py").write_text("TITLE = 2\n", encoding="utf-8")
    assert forget_stale(package) == 0
    assert fresh(package)
    assert all(path.exists() for path in kept)


@pytest.mark.parametrize(
    "changed", ["network/hierarchy/kernel.py", "siting/loop.py", "siting/layout.py"]
)
def test_any_source_compiled_that_changed_counts(package: Path, changed: str) -> None:
    compiled(package)
    remember(package)
    with (package / changed).open("a", encoding="utf-8") as source:
        source.write("# another\n")
    assert forget_stale(package) == 2
    assert not fresh(package)
    assert forget_stale(package) == 0  # nothing is left
    compiled(package)
    assert forget_stale(package) == 2  # not remembered yet: the set-up did not end


def test_a_loop_that_went_counts(package: Path) -> None:
    compiled(package)
    remember(package)
    (package / "siting/loop.py").unlink()
    assert forget_stale(package) == 2


def test_every_loop_and_what_it_takes_from_others_names_the_decorators() -> None:
    named = [p for p in PACKAGE.rglob("*.py") if "hierarchy.kernel" in p.read_text("utf-8")]
    marks = ("@kernel\n", "@inner\n", "@pasted\n")
    for path in PACKAGE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if not any(f"\n{mark}def " in text for mark in marks):
            continue
        modules = [line.split()[1] for line in text.splitlines() if line.startswith("from territ")]
        sources = [PACKAGE.parent / f"{module.replace('.', '/')}.py" for module in modules]
        decorators = PACKAGE / "network/hierarchy/kernel.py"
        assert {path, *sources} - {decorators} <= set(named), path
