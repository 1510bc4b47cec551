"""Set up if needed, then run the gate; arguments, if any, go to pytest alone."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.environment import run


def main() -> int:
    """Run `scripts/check`, or only the tests named on the command line."""
    arguments = sys.argv[1:]
    if arguments:
        return run("-m", "pytest", *arguments)
    return run("scripts/check")


if __name__ == "__main__":
    sys.exit(main())
