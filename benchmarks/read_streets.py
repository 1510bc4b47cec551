"""
OpenStreetMap extracts read to tables stored as Parquet, beside what others need to read them.

Run: python benchmarks/read_streets.py [--peers] [SPEC...] where a spec is heidelberg, porto, big
(Heidelberg 16 times side by side, about 40 MB, written in a temporary folder) or a path. Each
reading has a process of its own: seconds of processor (all threads) and of the clock from the file
to the stored tables, and the peak of memory, imports included. Peers, when installed: osmnx (on the
same extract as XML) and pyrosm (PBF); they read and build their graph, store nothing and know no
gates, squares or barriers.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.real_data import real_file

FILES = {"heidelberg": "osm/heidelberg.osm.pbf", "porto": "osm/porto_portugal.osm.pbf"}
BARS = {"heidelberg": (6, 600), "porto": (8, None), "big": (60, 1500)}
COPIES, APART_DEG, NEW_IDS = 16, 1.0, 1 << 40
EPSG = 3035


def territory(path: Path, folder: Path) -> str:
    """Read the streets and store them; say what came."""
    from territory.io.streets import read_streets

    streets, _ = read_streets(path, epsg=EPSG)
    streets.segments.to_parquet(folder / "segments.parquet")
    streets.nodes.to_parquet(folder / "nodes.parquet")
    streets.barriers.to_parquet(folder / "barriers.parquet")
    km = streets.segments["length_m"].sum() / 1000
    return f"{len(streets.segments)} segments, {len(streets.nodes)} nodes, {km:.0f} km"


def osmnx(path: Path, folder: Path) -> str:
    """Build osmnx's graph from the extract as XML, written before the clock starts."""
    import osmnx as ox

    graph = ox.graph_from_xml(folder / f"{path.stem}.osm", simplify=True, retain_all=True)
    return f"{graph.number_of_edges()} directed edges, {graph.number_of_nodes()} nodes"


def pyrosm(path: Path, folder: Path) -> str:  # noqa: ARG001 - the contract of the readers
    """Read pyrosm's walking network."""
    from pyrosm import OSM

    nodes, edges = OSM(str(path)).get_network("walking", nodes=True)
    return f"{len(edges)} edges, {len(nodes)} nodes"


READERS = {"territory": territory, "osmnx": osmnx, "pyrosm": pyrosm}


def alone(name: str, path: Path, folder: Path) -> dict[str, object]:
    """Measure one reader in this process."""
    if name == "osmnx" and not (folder / f"{path.stem}.osm").exists():
        _write_xml(path, folder / f"{path.stem}.osm")
    cpu, wall = time.process_time(), time.perf_counter()
    came = READERS[name](path, folder)
    spent = time.process_time() - cpu, time.perf_counter() - wall
    return {"cpu_s": spent[0], "wall_s": spent[1], "peak_mb": _peak_mb(), "came": came}


def _peak_mb() -> int:
    with suppress(ImportError):
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return 0


def _write_xml(path: Path, target: Path) -> None:
    import osmium

    with osmium.SimpleWriter(str(target)) as writer:
        osmium.apply(str(path), writer)


def big_extract(folder: Path) -> Path:
    """Write Heidelberg COPIES times, each shifted by a degree and with identifiers of its own."""
    import osmium

    target, source = folder / "big.osm.pbf", str(real_file(FILES["heidelberg"]))
    with osmium.SimpleWriter(str(target)) as writer:
        for kind in (osmium.osm.NODE, osmium.osm.WAY, osmium.osm.RELATION):
            for copy in range(COPIES):
                for thing in osmium.FileProcessor(source, kind):
                    writer.add(_copied(thing, copy))
    return target


def _copied(thing: object, copy: int) -> object:
    shift = copy * NEW_IDS
    number = thing.id + shift
    if thing.is_node():
        east, north = copy % 4 * APART_DEG, copy // 4 * APART_DEG
        place = thing.location.lon + east, thing.location.lat - north
        return thing.replace(id=number, location=place)
    if thing.is_way():
        return thing.replace(id=number, nodes=[node.ref + shift for node in thing.nodes])
    members = [(member.type, member.ref + shift, member.role) for member in thing.members]
    return thing.replace(id=number, members=members)


def measured(spec: str, names: list[str], folder: Path) -> dict[str, dict[str, object]]:
    """Return what each reader needs for one extract, each in its own process."""
    path = big_extract(folder) if spec == "big" else Path(spec)
    path = real_file(FILES[spec]) if spec in FILES else path
    found = {}
    for name in names:
        command = [sys.executable, __file__, "--alone", name, str(path), str(folder)]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        if ended.returncode:
            print(f"{name}: {ended.stderr.strip().splitlines()[-1]}", file=sys.stderr)
            continue
        found[name] = json.loads(ended.stdout.splitlines()[-1])
    size = path.stat().st_size / 1e6
    seconds, megabytes = BARS.get(spec, (None, None))
    print(f"\n{spec}: {size:.1f} MB (bar: {seconds} s, {megabytes or '-'} MB)\n\n{table(found)}")
    return found


def table(found: dict[str, dict[str, object]]) -> str:
    """Return a Markdown table, one line a reader."""
    head = "| reader | CPU s | clock s | peak MB | what came |\n| --- | --- | --- | --- | --- |"
    rows = [
        f"| {name} | {row['cpu_s']:.2f} | {row['wall_s']:.2f} | {row['peak_mb']} | {row['came']} |"
        for name, row in found.items()
    ]
    return "\n".join([head, *rows])


def main() -> None:
    """Measure the specs given, or one reader when called by itself."""
    if sys.argv[1:2] == ["--alone"]:
        print(json.dumps(alone(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))))
        return
    parser = argparse.ArgumentParser(description="Street extracts read, side by side.")
    parser.add_argument("specs", nargs="*", default=["heidelberg", "porto", "big"])
    parser.add_argument("--peers", action="store_true")
    options = parser.parse_args()
    names = list(READERS) if options.peers else ["territory"]
    with tempfile.TemporaryDirectory() as folder:
        for spec in options.specs:
            measured(spec, names, Path(folder))


if __name__ == "__main__":
    main()
