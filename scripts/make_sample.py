"""Draw the fictional town into data/raw (or elsewhere): same size and seed, same bytes."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.fictional_town import build_town, settings_toml, write_town


def main() -> None:
    """Write the town's files, and territory.toml when they are those of the project itself."""
    own = ROOT / "data" / "raw"
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=own)
    parser.add_argument("--residents", type=int, default=60_000)
    parser.add_argument("--seed", type=int, default=2026)
    options = parser.parse_args()
    town = build_town(options.residents, options.seed)
    write_town(town, options.out)
    if options.out.resolve() == own:
        (ROOT / "territory.toml").write_text(settings_toml(town), encoding="utf-8")
    print(f"{len(list(options.out.glob('*')))} files in {options.out.name}")


if __name__ == "__main__":
    main()
