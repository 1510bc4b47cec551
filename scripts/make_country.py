"""Draw a country of fictional towns as territory folders: same arguments, same bytes."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from territory.errors import TerritoryError
from territory.simulate.country import plan_country, write_country


def main(arguments: list[str] | None = None) -> int:
    """Write the towns, or the one named, and print each when it is done."""
    options = _parser().parse_args(arguments)
    try:
        plans = plan_country(
            towns=options.towns,
            quarters=options.quarters,
            nodes=int(options.nodes),
            seed=options.seed,
        )
        drawn = write_country(options.folder, plans, only=options.only, processes=options.processes)
        for done, plan in enumerate(drawn, 1):
            print(f"{done:5d}  {plan.departement}  {plan.nodes:>10,}  {plan.slug}", flush=True)
    except TerritoryError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--towns", type=int, default=300)
    parser.add_argument("--quarters", type=int, default=1500)
    parser.add_argument("--nodes", type=float, default=6e6, help="nodes of streets in all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--only", action="append", default=[], metavar="NAME")
    return parser


if __name__ == "__main__":
    sys.exit(main())
