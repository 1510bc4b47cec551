"""What the documentation tells to type or to press is there: commands, options, words of pages."""

from __future__ import annotations

import ast
import re
import shlex
from pathlib import Path

import pytest
import typer

from territory.cli import app
from territory.outputs import next_step
from territory.web.pages import MENU

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "territory" / "web" / "templates"
TEXTS = sorted(
    [*ROOT.glob("docs/*.md"), *ROOT.glob("*.md"), *ROOT.glob("territory/web/documents/*.md")]
)
TOLD = [page for page in TEXTS if page.name.startswith(("guide_", "tutoriel_premiere"))]
COMMAND = re.compile(r"(?:^|[`$] ?|bin/|\\)territory ([a-z-]+)([^`\n]*)", re.MULTILINE)
SINGLE = typer.main.get_command(app).commands  # type: ignore[attr-defined]
COMMANDS = SINGLE | {
    f"{group} {name}": one
    for group, command in SINGLE.items()
    for name, one in getattr(command, "commands", {}).items()
}


def commands_in(text: str) -> list[tuple[str, list[str]]]:
    """Return the verbs that a text tells to type, « store copy » too, each with its options."""
    found = []
    for verb, rest in COMMAND.findall(text):
        words = shlex.split(rest.replace("…", " ").partition("|")[0].partition(" #")[0])
        grouped = words and hasattr(SINGLE.get(verb), "commands")
        said = f"{verb} {words[0]}" if grouped else verb
        found.append((said, [word for word in words if word.startswith("--")]))
    return found


@pytest.mark.parametrize("page", TEXTS, ids=lambda p: p.name)
def test_the_commands_told_exist_with_their_options(page: Path) -> None:
    wrong = []
    for verb, options in commands_in(page.read_text(encoding="utf-8")):
        known = COMMANDS.get(verb)
        had = (
            {name for one in known.params for name in (*one.opts, *one.secondary_opts)}
            if known
            else set()
        )
        wrong += [verb] if known is None else [f"{verb} {o}" for o in options if o not in had]
    assert wrong == []


def test_commands_are_found_in_a_text() -> None:
    text = "tapez `territory week a --json` ou\n.venv/bin/territory serve\nle mot territory seul\n"
    assert commands_in(text) == [("week", ["--json"]), ("serve", [])]
    text = "`territory store copy a --vers base`, `territory store rien a`"
    assert commands_in(text) == [("store copy", ["--vers"]), ("store rien", [])]


def words_of_the_pages() -> set[str]:
    """Return every sentence that a page may show."""
    templates = "\n".join(p.read_text(encoding="utf-8") for p in TEMPLATES.glob("*.html"))
    told = set(re.findall(r'_\("([^"]+)"\)', templates)) | {tab.name for tab in MENU}
    tree = ast.parse(Path(next_step.__file__).read_text(encoding="utf-8"))
    return told | {str(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant)}


@pytest.mark.parametrize("page", TOLD, ids=lambda p: p.name)
def test_what_is_told_to_press_is_written_on_a_page(page: Path) -> None:
    pressed = set(re.findall(r"\*\*([^*]+)\*\*", page.read_text(encoding="utf-8")))
    assert sorted(pressed - words_of_the_pages()) == []
    assert pressed or page.name == "guide_sauvegarde.md"


def test_every_picture_told_is_there_and_every_picture_is_told() -> None:
    told = {
        (page.parent / name).resolve()
        for page in TEXTS
        for name in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", page.read_text(encoding="utf-8"))
    }
    assert [p.name for p in sorted(told) if not p.is_file()] == []
    kept = {p.resolve() for p in ROOT.glob("docs/images/*.png")}
    assert [p.name for p in sorted(kept - told)] == []
