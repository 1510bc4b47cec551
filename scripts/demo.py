"""Set up if needed, run the whole job on the fictional town, then open the map."""

from __future__ import annotations

import argparse
import sys
import webbrowser
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.environment import ROOT, run


def main() -> int:
    """Run `territory demo` in the project's environment; `--no-open` leaves the browser alone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-open", action="store_true", help="ne pas ouvrir la carte")
    options = parser.parse_args()
    code = run("-m", "territory", "demo", ".")
    maps = sorted((ROOT / "outputs").glob("*/carte.html"))
    if code == 0 and maps and not options.no_open:
        webbrowser.open(maps[-1].as_uri())
    return code


if __name__ == "__main__":
    sys.exit(main())
