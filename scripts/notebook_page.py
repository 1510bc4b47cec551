"""Write a notebook, run, as one HTML file that asks nothing of any server."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import jupytext
from nbclient import NotebookClient
from nbconvert import HTMLExporter

if TYPE_CHECKING:
    from nbformat import NotebookNode

# Addresses of scripts that nbconvert would have the reader's browser load.
NOWHERE = dict.fromkeys(
    ("require_js_url", "mathjax_url", "jquery_url", "mermaid_js_url", "jupyter_widgets_base_url"),
    "",
)


def executed(path: Path, folder: Path) -> NotebookNode:
    """Return the notebook of `path` with what its cells answer, run in `folder`."""
    notebook = jupytext.read(path)
    NotebookClient(notebook, timeout=600, resources={"metadata": {"path": folder}}).execute()
    return notebook


def page_of(notebook: NotebookNode, title: str) -> str:
    """Return the notebook as a page in French, pictures inside."""
    exporter = HTMLExporter(**NOWHERE, language_code="fr")
    told = {"metadata": {"name": title}}
    page: str = exporter.from_notebook_node(notebook, resources=told)[0]
    return page


def main() -> int:
    """Run a notebook where it lies and write its page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("carnet", type=Path, help="notebooks/02_zones.py")
    parser.add_argument("page", type=Path, help="zones.html")
    given = parser.parse_args()
    notebook = executed(given.carnet, given.carnet.resolve().parent)
    given.page.write_text(page_of(notebook, given.carnet.stem), encoding="utf-8")
    print(f"Écrit : {given.page}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
