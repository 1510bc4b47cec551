"""Questions across territories: each answer against a slow judge, out of core, and as typed."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import duckdb
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from territory.analysis.disclosure import TOTAL
from territory.batch import across_answers as answers
from territory.batch.across import opened
from territory.batch.across_extension import chosen_quarters, read_rules
from territory.batch.across_indicators import hidden_territories, summed
from territory.batch.across_rank import MEASURES
from territory.batch.catalogue import parts_of, read_catalogue
from territory.batch.listing import Listed
from territory.batch.store import Store
from territory.cli import run
from territory.errors import NoAnswer, UnreadableFile, WrongUsage
from tests.batch.drawn import rows_drawn, together, written

if TYPE_CHECKING:
    from pathlib import Path

    from territory.batch.across import Asked
    from territory.batch.kinds import Rows

Tables = dict[Listed, "Rows"]
ALL = ("territoires", "cells", "quarters", "zones", "indicators", "counts")
NETWORKS = ("Est", "Ouest", "")


def drawn(seed: int, count: int = 5, *, shared: bool = True) -> Tables:
    listed = [Listed(f"t{n}", "x", f"9{n % 3}", NETWORKS[n % 3]) for n in range(count)]
    return {one: rows_drawn(one, seed * 1000 + n, shared=shared) for n, one in enumerate(listed)}


@pytest.fixture(scope="module")
def tables() -> Tables:
    return drawn(7)


@pytest.fixture(scope="module")
def place(tables: Tables, tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = Store(str(tmp_path_factory.mktemp("magasin")))
    written(store, tables)
    return store


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_every_view_is_what_a_slow_judge_counts(
    seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    tables = drawn(seed)
    store = Store(str(tmp_path_factory.mktemp("m")))
    written(store, tables)
    with opened(store, ALL) as asked:
        assert asked.counted == tuple(one.name for one in tables)
        assert asked.left_out == ("zz-perdu",)
        coverage_judged(asked, together(tables, "cells"))
        quarters_judged(asked, together(tables, "quarters"))
        indicators_judged(asked, tables)
        compared_judged(asked, tables)


def coverage_judged(asked: Asked, cells: pd.DataFrame) -> None:
    found = asked.table("coverage", minutes=15.0).set_index("territoire")
    for name, part in cells.groupby("territoire"):
        near = part[part["minutes_permanence"] <= 15]
        assert found.loc[name, "target"] == pytest.approx(part["target"].sum(), abs=1e-4)
        assert found.loc[name, "served"] == pytest.approx(near["target"].sum(), abs=1e-4)
        known = part[part["e2sfca_h_1000"].notna()]
        hours = (known["e2sfca_h_1000"] * known["target"]).sum() / known["target"].sum()
        assert found.loc[name, "hours_1000"] == pytest.approx(hours, abs=1e-4)
    once: dict[tuple[str, str], tuple[float, float]] = {}
    for row in cells.itertuples():
        before, walk = once.get((row.cell_id, row.commune_code), (0.0, np.inf))
        minutes = np.inf if np.isnan(row.minutes_permanence) else row.minutes_permanence
        once[row.cell_id, row.commune_code] = max(before, row.target), min(walk, minutes)
    all_of_them = asked.table("coverage_together", minutes=15.0).iloc[0]
    assert all_of_them["target"] == pytest.approx(sum(t for t, _ in once.values()), abs=1e-4)
    served = sum(t for t, walk in once.values() if walk <= 15)
    assert all_of_them["served"] == pytest.approx(served, abs=1e-4)


def quarters_judged(asked: Asked, quarters: pd.DataFrame) -> None:
    found = asked.table("quarters_once", kind="qpv")
    wanted = quarters[quarters["kind"] == "qpv"]
    assert sorted(found["code"]) == sorted(set(wanted["zone_code"]))
    best = wanted.groupby("zone_code")["target"].max()
    assert found.set_index("code")["target"].to_dict() == pytest.approx(best.to_dict())
    told = wanted.groupby("zone_code").size()
    assert found.set_index("code")["told_by"].to_dict() == told.to_dict()
    for by in MEASURES:
        ranks_judged(answers.rank(asked, answers.Scope(), by=by))


def ranks_judged(ranked: pd.DataFrame) -> None:
    known = ranked[ranked["value"].notna()]
    for row in known.itertuples():
        assert row.value_low <= row.value <= row.value_high
        assert row.rank == 1 + (known["value"] > row.value).sum()
        assert row.rank_best == min(1 + (known["value_low"] > row.value_high).sum(), row.rank)
        assert row.rank_worst == max((known["value_high"] >= row.value_low).sum(), row.rank)
    small = ranked["contacts"].between(0, 11, inclusive="neither")
    assert not small.any()
    order = list(zip(ranked["rank"], ranked["territoire"], ranked["code"], strict=True))
    assert order == sorted(order)


def indicators_judged(asked: Asked, tables: Tables) -> None:
    counts = together(tables, "counts")
    counts = counts.assign(reseau=counts["reseau"].fillna(""))
    first: dict[object, str] = {}
    sums: dict[tuple[str, str, str], float] = {}
    for row in counts.sort_values("territoire").itertuples():
        key = (row.reseau, row.activity_key, row.on, row.kind)
        teller = first.setdefault(key, row.territoire) if row.reseau else row.territoire
        if teller == row.territoire and not np.isnan(row.value):
            for zone in (row.departement, TOTAL):
                name = zone, row.definition, row.part
                sums[name] = sums.get(name, 0.0) + row.value
    found, when, (copies, differing) = answers.indicators(asked, answers.Scope(), "departement")
    assert when == "2026"
    assert differing == 0  # drawn from the key
    assert copies == len(counts.drop_duplicates(["territoire", "activity_key"])) - len(
        counts.assign(of=counts["territoire"].where(counts["reseau"] == "", counts["reseau"]))
        .drop_duplicates(["of", "activity_key"])
    )  # fmt: skip
    for row in found[found["known"] > 0].itertuples():
        if not row.hidden:
            assert row.value == pytest.approx(sums.get((row.zone, row.definition, row.part), 0.0))
            assert not (row.people and 0 < row.value < 11)


def compared_judged(asked: Asked, tables: Tables) -> None:
    found, funnels, _ = answers.compare(asked, answers.Scope())
    cells, figures = together(tables, "cells"), together(tables, "indicators")
    for row in found.itertuples():
        public = cells.loc[cells["territoire"] == row.territoire, "target"].sum()
        told = figures[(figures["territoire"] == row.territoire) & (figures["part"] == "")]
        numbers = told.set_index("definition")["value"]
        years = public / 1000 * 304 / 365.25
        assert row.far + row.served == pytest.approx(public, abs=1e-4)
        assert row.outings_1000 == pytest.approx(numbers["E2"] / years)
        assert row.hidden or row.contacts_1000 == pytest.approx(numbers["E1"] / years)
        assert row.hidden or not 0 < row.contacts < 11
    shown = found[~found["hidden"]]
    thousands = shown["target"] / 1000 * 304 / 365.25
    rate = shown["contacts"].sum() / thousands.sum()
    assert funnels["contacts"].overall == pytest.approx(rate, nan_ok=True)


def test_the_same_bytes_on_any_number_of_cores(place: Store) -> None:
    said = []
    for threads, memory in ((2, 1.0), (1, 0.3), (4, 0.3)):
        with opened(place, ALL, memory_gib=memory) as asked:
            asked.connection.execute(f"SET threads = {threads}")
            tables = [asked.table("coverage", minutes=15.0), answers.rank(asked, answers.Scope())]
            said.append([table.to_json(double_precision=15) for table in tables])
    assert said[0] == said[1] == said[2]


def test_a_scope_narrows_and_never_shows_more(place: Store) -> None:
    with opened(place, ALL) as asked:
        everything = answers.rank(asked, answers.Scope())
        ours = answers.rank(asked, answers.Scope("90"))
        assert set(ours["departement"]) == {"90"}
        whole = everything.set_index("code").loc[ours["code"], "hidden"]
        assert ours["hidden"].tolist() == whole.tolist()
        with pytest.raises(NoAnswer):
            answers.rank(asked, answers.Scope("2A"))
        with pytest.raises(WrongUsage, match="en entier"):
            answers.indicators(asked, answers.Scope("90"), "reseau")
        with pytest.raises(WrongUsage, match="Années connues : 2026"):
            answers.indicators(asked, answers.Scope(), "reseau", "1999")
        networks, _, _ = answers.indicators(asked, answers.Scope(), "reseau")
        assert set(networks["zone"]) == {"Est", "Ouest", "sans réseau", TOTAL}


def test_extension_is_the_best_of_all_choices(place: Store) -> None:
    from itertools import combinations  # noqa: PLC0415 - here alone

    with opened(place, ALL) as asked:
        quarters = asked.table("quarters_once", kind="qpv")
    rules = read_rules(["91=1", "92=1-"], "departement", 4)
    found, outcome = chosen_quarters(quarters, 4, rules)
    need, where = quarters["unserved"].fillna(0).to_numpy(), quarters["departement"].to_numpy()
    best = max(
        need[list(some)].sum()
        for size in (1, 2, 3, 4)
        for some in combinations(range(len(need)), size)
        if (where[list(some)] == "91").sum() <= 1 <= (where[list(some)] == "92").sum()
    )
    assert outcome.objective == pytest.approx(best)
    assert outcome.bound == pytest.approx(best)
    assert found["gain"].sum() == pytest.approx(best)
    assert found["gain"].is_monotonic_decreasing
    plain, _ = chosen_quarters(quarters, 3)
    assert plain["gain"].sum() == pytest.approx(np.sort(need)[-3:].sum())
    wide, _ = chosen_quarters(quarters, 1, neighbours_m=1e9)
    assert wide["gain"].sum() == pytest.approx(need.sum())


@pytest.mark.parametrize("text", ["93", "93=", "93=5-2", "=3"])
def test_a_quota_nobody_can_read(text: str) -> None:
    with pytest.raises(WrongUsage, match="Quota"):
        read_rules([text], "departement", 5)


def test_a_damaged_part_stops_the_question(tmp_path: Path) -> None:
    store = Store(str(tmp_path))
    with pytest.raises(NoAnswer, match="territory batch"), opened(store, ALL):
        pass
    written(store, drawn(3, 2))
    piece = parts_of(read_catalogue(store), "cells")[0]
    (tmp_path / piece.path).write_bytes(b"PAR1")
    with pytest.raises(UnreadableFile, match="abîmé"), opened(store, ALL):
        pass
    with opened(store, ("quarters",)) as asked:  # what is not asked for is not read
        assert len(asked.table("quarters_once", kind="qpv"))


def test_what_an_older_version_wrote_is_said(tmp_path: Path) -> None:
    store = Store(str(tmp_path))
    tables = {one: {k: t for k, t in rows.items() if k != "counts"}
              for one, rows in drawn(2, 2).items()}  # fmt: skip
    written(store, tables)
    with pytest.raises(UnreadableFile, match="plus ancienne"), opened(store, ALL):
        pass


def test_the_same_activity_with_other_numbers_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = Listed("a", "x", "93", "Est"), Listed("b", "x", "75", "Est")
    rows = rows_drawn(one, 5)
    counts = rows["counts"].assign(territoire="b", departement="75")
    changed = counts["value"].where(counts["definition"] != "E1", counts["value"] + 1)
    moved = {kind: table.assign(territoire="b", departement="75") for kind, table in rows.items()}
    store = Store(str(tmp_path))
    written(store, {one: rows, other: {**moved, "counts": counts.assign(value=changed)}})
    assert run(["across", str(tmp_path), "indicators"]) == 0
    said = capsys.readouterr().out
    assert "8 activités dites aussi" in said
    assert "d'autres nombres" in said


def test_an_object_store_is_read_too(tables: Tables, tmp_path: Path) -> None:
    store = Store(f"memory://across-{tmp_path.name}")
    written(store, tables)
    with opened(store, ALL) as asked:
        assert len(asked.table("territories")) == len(tables)


def test_more_than_the_memory_given(tmp_path: Path) -> None:
    """Three million squares, grouped within 150 MiB: only the disk makes it possible."""
    store = Store(str(tmp_path))
    written(store, drawn(1, 2, shared=False))
    many = tmp_path / "many.parquet"
    duckdb.sql(
        "SELECT 't0' AS territoire, 'carreau de deux cents mètres ' || i AS cell_id, "
        "'93001' AS commune_code, (i % 7)::DOUBLE AS target, (i % 30)::DOUBLE AS "
        "minutes_permanence FROM range(3000000) t(i)"
    ).write_parquet(str(many))
    with opened(store, (), memory_gib=0.15) as asked:
        asked.connection.read_parquet(str(many)).create_view("cells")
        found = asked.table("coverage_together", minutes=15.0).iloc[0]
        asked.connection.execute("SET max_temp_directory_size = '1KiB'")
        with pytest.raises(NoAnswer, match="mémoire"):
            asked.table("coverage_together", minutes=15.0)
    i = np.arange(3_000_000)
    assert found["target"] == (i % 7).sum()
    assert found["served"] == (i % 7)[i % 30 <= 15].sum()


def test_as_typed(place: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = {}
    for about in ("rank", "compare", "extension", "indicators"):
        assert run(["across", place.address, about, "--nombre", "3"]) == 0
        said[about] = capsys.readouterr().out
        assert "zz-perdu" in said[about]
        assert run(["across", place.address, about, "--json"]) == 0
        value = json.loads(capsys.readouterr().out)
        assert value["non_comptes"] == ["zz-perdu"]
        assert value["lignes"]
    assert "prouvé le meilleur" in said["extension"]
    assert "couverture" in said["compare"]
    for name in ("r.parquet", "r.csv", "r.json"):
        assert run(["across", place.address, "rank", "--sortie", str(tmp_path / name)]) == 0
    shapes = gpd.read_parquet(tmp_path / "r.parquet")
    assert shapes.crs.to_epsg() == 4326
    assert shapes.geometry.notna().all()
    first = (tmp_path / "r.csv").read_bytes()
    assert run(["across", place.address, "rank", "--sortie", str(tmp_path / "r.csv")]) == 0
    assert (tmp_path / "r.csv").read_bytes() == first
    kept = [json.loads(str(place.read(name), "utf-8")) for name in place.names("publications")]
    assert sorted(one["fichier"] for one in kept) == ["r.csv", "r.json", "r.parquet"]
    assert {one["question"]["k"] for one in kept} == {11}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["voir"], 2),
        (["rank", "--par", "beau"], 2),
        (["rank", "--seuil", "2"], 2),
        (["indicators", "--niveau", "pays"], 2),
        (["extension", "--quota", "75=2"], 2),
        (["extension", "--quota", "91=5-5", "--nombre", "2"], 3),
        (["rank", "--sortie", "x.doc"], 2),
    ],
)
def test_refused_questions(place: Store, words: list[str], code: int) -> None:
    assert run(["across", place.address, *words]) == code


def test_without_duckdb(
    place: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("territory.commands.many.find_spec", lambda _: None)
    monkeypatch.delitem(sys.modules, "territory.commands.across", raising=False)
    assert run(["across", place.address, "rank"]) == 2
    assert "duckdb" in capsys.readouterr().err


@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.sampled_from("ABC"), st.sampled_from("XY")),
        min_size=3,
        max_size=8,
    )
)
@example([(0, "A", "X"), (1, "A", "X"), (10, "A", "X")])  # 11 of two territories: each 1 to 10
def test_no_small_count_comes_back_by_subtraction(drawn_people: list[tuple[int, str, str]]) -> None:
    """Départements, networks and territories together: each small count stays unknown."""
    once = pd.DataFrame([
        {"territoire": f"t{n}", "departement": where, "reseau": net, "definition": "E1", "part": "",
         "label": "x", "unit": "personnes", "value": float(people), "people": True}
        for n, (people, where, net) in enumerate(drawn_people)
    ])  # fmt: skip
    small = [n for n, (people, _, _) in enumerate(drawn_people) if 0 < people < 11]
    rows, right = [], []
    untold = hidden_territories(once, "E1")
    for level in ("departement", "reseau"):
        table = summed(once, level).set_index("zone")
        for zone, row in table[~table["hidden"]].iterrows():
            inside = once[level] == zone if zone != TOTAL else once["value"] >= 0
            rows.append(inside.to_numpy(float))
            right.append(row["value"])
    for n, name in enumerate(once["territoire"]):
        if name not in untold:
            rows.append(np.eye(len(once))[n])
            right.append(once["value"][n])
    low = [0.0 if people == 0 else 1.0 for people, _, _ in drawn_people]
    for n in small:
        assert f"t{n}" in untold
        ends = [
            linprog(sign * np.eye(len(once))[n], A_eq=np.array(rows) if rows else None,
                    b_eq=right or None, bounds=[(at, None) for at in low])
            for sign in (1, -1)
        ]  # fmt: skip
        least, most = ends[0], ends[1]
        assert most.status == 3 or -most.fun - least.fun >= 10 - 1e-6
