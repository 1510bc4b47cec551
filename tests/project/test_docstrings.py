"""Public docstrings say what a caller needs: shapes, CRS, and the errors raised."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "territory").rglob("*.py"))
GEOMETRY = re.compile(r"GeoDataFrame|GeoSeries|Geometry|Polygon")
CRS_SAID = re.compile(r"CRS|EPSG|metre|Lambert|coordinates|lat, l")
ARRAY = re.compile(r"NDArray|ndarray")
SHAPE_SAID = re.compile(r"shape|\[|one per")


def public_functions(body: list[ast.stmt]) -> Iterator[ast.FunctionDef]:
    """Yield the public functions and methods of a module or class."""
    for node in body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from public_functions(node.body)
        elif isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


def signature(function: ast.FunctionDef) -> str:
    """Return every annotation of a function as text."""
    arguments = [*function.args.args, *function.args.kwonlyargs]
    notes = [a.annotation for a in arguments] + [function.returns]
    return " ".join(ast.unparse(note) for note in notes if note)


def errors_raised(function: ast.FunctionDef) -> set[str]:
    """Return the classes of the errors a function raises itself."""
    raised = (n.exc for n in ast.walk(function) if isinstance(n, ast.Raise) and n.exc)
    called = (e.func if isinstance(e, ast.Call) else e for e in raised)
    names = {ast.unparse(e).split(".")[-1] for e in called}
    return {name for name in names if name[:1].isupper()}


def faults(function: ast.FunctionDef) -> list[str]:
    """Return what the docstring of a function leaves out."""
    said, typed = ast.get_docstring(function) or "", signature(function)
    return [
        *(["says nothing"] if not said else []),
        *(["no CRS"] if GEOMETRY.search(typed) and not CRS_SAID.search(said) else []),
        *(["no shape"] if ARRAY.search(typed) and not SHAPE_SAID.search(said) else []),
        *(f"raises {name}" for name in sorted(errors_raised(function)) if name not in said),
    ]


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_public_functions_say_shapes_crs_and_errors(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = {f"{f.name}:{f.lineno}": faults(f) for f in public_functions(tree.body)}
    assert {name: said for name, said in found.items() if said} == {}


def test_the_rule_sees_what_is_missing() -> None:
    text = "def f(a: GeoDataFrame) -> NDArray:\n    'Short.'\n    raise BadSettings('no')\n"
    (function,) = public_functions(ast.parse(text).body)
    assert faults(function) == ["no CRS", "no shape", "raises BadSettings"]
