"""Pictures of every page and state of the web application, and the page of docs that shows them."""

from __future__ import annotations

import argparse
import io
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PIL import Image
from playwright.sync_api import sync_playwright

from scripts.page_states import STAGES, Scene, Stage, State, opened
from territory.cli import run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[1]
PICTURES, PAGE = ROOT / "docs" / "img", ROOT / "docs" / "captures.md"
WIDE, PHONE, HIGH = 1280, 390, 900
SCALE = 0.75  # of the pictures to the pages: still read, half as heavy
COLOURS, TALLEST = 32, 1650  # of the palette; what lies lower is not shown


def main() -> int:
    """Take every picture in `docs/img` and write `docs/captures.md`; return 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, help="la ville fictive déjà calculée")
    parser.add_argument("--only", default="", help="début du titre des suites d’états à refaire")
    options = parser.parse_args()
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work, sync_playwright() as play:
        town = options.folder or _built(Path(work) / "ville")
        browser = play.chromium.launch(
            executable_path=_chromium(), args=["--no-sandbox"], env=_french()
        )
        for number, stage in enumerate(STAGES):
            if stage.title.startswith(options.only):
                _stage(browser, stage, town, Path(work) / f"{number}")
        browser.close()
    PAGE.write_text(docs_page(), encoding="utf-8")
    return 0


def docs_page() -> str:
    """Return the page of docs that shows the pictures in order, one sentence each."""
    lines = [
        "# Les pages en images", "",
        "Chaque page et chaque état, sur la ville fictive de Valfictif, pris dans un navigateur "
        "par `python scripts/page_pictures.py`.", "Les pages très longues sont coupées en bas.", "",
    ]  # fmt: skip
    for stage in STAGES:
        lines += [f"## {stage.title}", ""]
        for state in stage.states:
            lines += [state.sentence, ""]
            for name, width in names(state):
                lines += [f"```{{image}} img/{name}", f":alt: {state.sentence}",
                          f":width: {'100%' if width == WIDE else '40%'}", "```", ""]  # fmt: skip
    return "\n".join(lines).rstrip() + "\n"


def names(state: State) -> Iterator[tuple[str, int]]:
    """Yield the files of a state with the width of the window, pixels."""
    yield f"{state.name}.png", WIDE
    if state.phone:
        yield f"{state.name}_390.png", PHONE


def _built(folder: Path) -> Path:
    raw = shutil.ignore_patterns("manifeste.json")
    shutil.copytree(ROOT / "data" / "raw", folder / "data" / "raw", ignore=raw)
    shutil.copy(ROOT / "territory.toml", folder)
    if run(["demo", str(folder)]):
        raise SystemExit("La ville fictive n’a pas pu être calculée.")
    return folder


def _stage(browser: Browser, stage: Stage, town: Path, folder: Path) -> None:
    with opened(stage.prepare(town, folder)) as (address, app):
        window = {"width": WIDE, "height": HIGH}
        context = browser.new_context(viewport=window, device_scale_factor=SCALE)
        scene = Scene(context.new_page(), address, app, town)
        for state in stage.states:
            state.reach(scene)
            print(state.name, flush=True)
            for name, width in names(state):
                (PICTURES / name).write_bytes(_picture(scene.page, state, width))
        context.close()


def _picture(page: Page, state: State, width: int) -> bytes:
    page.set_viewport_size({"width": width, "height": HIGH})
    tall = page.evaluate("() => document.documentElement.scrollHeight")
    # the whole page in the window: what lies below it may not be painted
    page.set_viewport_size({"width": width, "height": max(HIGH, min(tall, int(TALLEST / SCALE)))})
    if state.drawn and page.locator("iframe#carte").count():
        page.locator("iframe#carte").scroll_into_view_if_needed()
        page.frame_locator("iframe#carte").locator(".leaflet-control-scale-line").wait_for()
        page.wait_for_timeout(1500)  # for its streets
    page.evaluate("() => window.scrollTo(0, 0)")
    taken = Image.open(io.BytesIO(page.screenshot()))
    page.set_viewport_size({"width": WIDE, "height": HIGH})
    return _small(taken)


def _small(picture: Image.Image) -> bytes:
    """Return a picture as a PNG of few colours, cut at the bottom when it is very tall."""
    cut = picture.convert("RGB").crop((0, 0, picture.width, min(picture.height, TALLEST)))
    few = cut.quantize(COLOURS, dither=Image.Dither.NONE)
    written = io.BytesIO()
    few.save(written, "PNG", optimize=True)
    return written.getvalue()


def _french() -> dict[str, str | float | bool]:
    """Return the environment of a browser whose own buttons speak French."""
    return {**os.environ, "LANGUAGE": "fr", "LANG": "fr_FR.UTF-8"}


def _chromium() -> str | None:
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return next(filter(None, found), None)


if __name__ == "__main__":
    sys.exit(main())
