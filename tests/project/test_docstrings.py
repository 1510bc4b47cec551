"""What a caller needs must be said: errors raised, CRS of geometries, shapes of arrays."""

from __future__ import annotations

import ast
import builtins
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from territory import errors

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted((ROOT / "territory").rglob("*.py"))

GEOMETRY = re.compile(
    r"\b(?:GeoDataFrame|GeoSeries|BaseGeometry|Geometry|(?:Multi)?(?:Polygon|Point|LineString))\b"
)
ARRAY = re.compile(r"\b(?:ndarray|NDArray|ArrayLike)\b")
SAYS_CRS = re.compile(r"\b(?:CRS|EPSG|metres|degrees|WGS84)\b")
SAYS_SHAPE = re.compile(r"\[\w[\w ]*(?:, ?\w[\w ]*)*\]")  # [n], [demand, candidates], [a x b]

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef


def faults(tree: ast.Module, makers: dict[str, str]) -> list[str]:
    """Return « name: what its docstring lacks » for every public definition of a module."""
    found = [] if ast.get_docstring(tree) else ["module: no docstring"]
    kinds, helpers = aliases(tree), private_functions(tree)
    for name, node in public(tree.body):
        said = ast.get_docstring(node) or ""
        typed = expanded(annotations(node), kinds)
        wants = {
            "no docstring": not said,
            "no CRS": bool(GEOMETRY.search(typed)) and not SAYS_CRS.search(said),
            "no shape": bool(ARRAY.search(typed)) and not SAYS_SHAPE.search(said),
        }
        found += [f"{name}: {what}" for what, missing in wants.items() if missing]
        if not isinstance(node, ast.ClassDef):
            silent = {e for e in raised(node, helpers, makers) if not re.search(rf"\b{e}\b", said)}
            found += [f"{name}: raises {error} unsaid" for error in sorted(silent)]
    return found


def public(body: list[ast.stmt], inside: str = "") -> Iterator[tuple[str, Definition]]:
    """Yield public functions and classes, and the public methods of public classes."""
    for node in body:
        if not isinstance(node, Definition) or node.name.startswith("_"):
            continue
        yield inside + node.name, node
        if isinstance(node, ast.ClassDef):
            yield from public(node.body, f"{inside}{node.name}.")


def private_functions(tree: ast.Module) -> dict[str, Function]:
    found = [n for n in tree.body if isinstance(n, Function)]
    return {n.name: n for n in found if n.name.startswith("_")}


def aliases(tree: ast.Module) -> dict[str, str]:
    """Return the names a module gives to types, such as `Array = NDArray[np.float64]`."""
    nodes = [n for n in ast.walk(tree) if isinstance(n, ast.Assign) and n.col_offset <= 4]
    pairs = [(n.targets[0], ast.unparse(n.value)) for n in nodes]
    return {
        target.id: text
        for target, text in pairs
        if isinstance(target, ast.Name) and (ARRAY.search(text) or GEOMETRY.search(text))
    }


def annotations(node: Definition) -> str:
    """Return the types of a signature, or of the public fields of a class, as one text."""
    if isinstance(node, ast.ClassDef):
        fields = [n for n in node.body if isinstance(n, ast.AnnAssign)]
        return " ".join(ast.unparse(n.annotation) for n in fields)
    every = ast.walk(node.args)
    arguments = [a.annotation for a in every if isinstance(a, ast.arg) and a.annotation]
    return " ".join(ast.unparse(a) for a in [*arguments, *([node.returns] if node.returns else [])])


def expanded(typed: str, kinds: dict[str, str]) -> str:
    return re.sub(r"\w+", lambda word: kinds.get(word[0], word[0]), typed)


def raised(node: Function, helpers: dict[str, Function], makers: dict[str, str]) -> set[str]:
    """Return the errors that leave a function, raised there or in private helpers it calls."""
    found: set[str] = set()
    waiting: list[tuple[Function, frozenset[str]]] = [(node, frozenset())]
    seen = {(node.name, frozenset[str]())}
    while waiting:
        function, around = waiting.pop()
        for inner, caught in guarded(function.body, around):
            error = error_of(inner, makers)
            if error and not caught & families(error):
                found.add(error)
            helper = helpers.get(called(inner))
            if helper and (helper.name, caught) not in seen:
                seen.add((helper.name, caught))
                waiting.append((helper, caught))
    return found


def guarded(
    body: list[ast.stmt], caught: frozenset[str]
) -> Iterator[tuple[ast.AST, frozenset[str]]]:
    """Yield every node with the names of the errors that some `except` around it catches."""
    waiting: list[tuple[ast.AST, frozenset[str]]] = [(node, caught) for node in body]
    while waiting:
        node, around = waiting.pop()
        yield node, around
        safe = around | handled(node) if isinstance(node, ast.Try) else around
        tried = node.body if isinstance(node, ast.Try) else []
        waiting += [
            (child, safe if child in tried else around) for child in ast.iter_child_nodes(node)
        ]


def handled(node: ast.Try) -> frozenset[str]:
    kinds = [ast.walk(h.type) if h.type else [ast.Name("BaseException")] for h in node.handlers]
    return frozenset(last_name(k) for names in kinds for k in names) - {""}


def error_of(node: ast.AST, makers: dict[str, str]) -> str:
    """Return the error a `raise` raises, "" for other nodes, re-raises and private errors."""
    if not isinstance(node, ast.Raise) or node.exc is None:
        return ""
    name = called(node.exc) or last_name(node.exc)
    name = makers.get(name, name)
    return name if name[:1].isupper() else ""


def called(node: ast.AST) -> str:
    return last_name(node.func) if isinstance(node, ast.Call) else ""


def last_name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def families(error: str) -> set[str]:
    """Return the names under which an error can be caught."""
    kind = getattr(errors, error, getattr(builtins, error, None))
    return {k.__name__ for k in kind.__mro__} if kind else {error, "Exception", "BaseException"}


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def makers_of_errors() -> dict[str, str]:
    """Return the functions of the package that make an error for others to raise."""
    nodes = [n for path in MODULES for n in parsed(path).body if isinstance(n, Function)]
    made = {n.name: ast.unparse(n.returns) for n in nodes if n.returns}
    return {name: kind for name, kind in made.items() if hasattr(errors, kind)}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_docstrings_say_what_a_caller_needs(path: Path) -> None:
    assert faults(parsed(path), makers_of_errors()) == []


@pytest.mark.parametrize(
    ("source", "missing"),
    [
        ("def f() -> None: ...", "f: no docstring"),
        ("class C:\n def m(self) -> None: ...", "C.m: no docstring"),
        ("class C:\n @property\n def p(self) -> int: ...", "C.p: no docstring"),
        ("def f(a: gpd.GeoSeries) -> None: 'Draw `a`.'", "f: no CRS"),
        ("def f() -> shapely.Point | None: 'Return a point.'", "f: no CRS"),
        ("class C:\n 'A zone.'\n shape: BaseGeometry", "C: no CRS"),
        ("def f(a: NDArray[np.int64]) -> None: 'Sum `a`.'", "f: no shape"),
        ("if X:\n    Array = NDArray[float]\ndef f(*, a: Array): 'Sum `a`.'", "f: no shape"),
        ("def f():\n 'Do.'\n raise NoAnswer('x')", "f: raises NoAnswer unsaid"),
        ("def f():\n 'Raises NoAnswers.'\n raise NoAnswer", "f: raises NoAnswer unsaid"),
        ("def f():\n 'Do.'\n _g()\ndef _g():\n raise KeyError", "f: raises KeyError unsaid"),
        ("def f():\n 'Do.'\n raise made(1)", "f: raises UnreadableFile unsaid"),
        (
            "def f():\n 'Do.'\n try: g()\n except OSError as e: raise NoAnswer from e",
            "f: raises NoAnswer unsaid",
        ),
    ],
)
def test_each_rule_finds_its_fault(source: str, missing: str) -> None:
    assert missing in faults(ast.parse(source), {"made": "UnreadableFile"})


@pytest.mark.parametrize(
    "source",
    [
        "def _f() -> None: ...",
        "def f(a: gpd.GeoSeries) -> None: 'Draw `a`, in EPSG:2154.'",
        "def f(a: ArrayLike, b: NDArray[bool]) -> None: 'Sum `a` [n] where `b` [n].'",
        "def f(a: pd.DataFrame) -> None: 'Sort `a`.'",
        "def f():\n 'Raises NoAnswer.'\n raise NoAnswer('x')",
        "def f():\n 'Do.'\n try: _g()\n except DataProblem: pass\ndef _g():\n raise MissingSource",
        "def f():\n 'Do.'\n try: _f()\n except: pass\ndef _f():\n _f()\n raise ValueError",
        "def f():\n 'Do.'\n try: g()\n except ValueError: raise",
    ],
)
def test_nothing_more_is_asked(source: str) -> None:
    assert faults(ast.parse(f"'A module.'\n{source}"), {}) == []
