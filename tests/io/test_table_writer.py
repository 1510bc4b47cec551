"""What is written reads back the same, runs no formula, and refusals carry no value."""

from __future__ import annotations

import csv
import string
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from shapely.geometry import Point

from territory.errors import WrongUsage
from territory.io.coarse_points import coarsened
from territory.io.logs import read_activities, read_contacts
from territory.io.partners import read_partners
from territory.io.place_rows import is_sensitive
from territory.io.table_writer import protected, write_csv, write_refused
from territory.io.team import read_availability, read_team
from territory.io.values import clean, is_empty, is_worker_code
from territory.model import words
from territory.model.tables import (
    ACTIVITIES,
    AVAILABILITY,
    CONTACTS,
    NODES,
    PLACES,
    TEAM,
    conform,
    empty_table,
)
from tests.io.tables import ACTIVITIES as EXAMPLE
from tests.io.tables import AVAILABILITY as EXAMPLE_SLOTS
from tests.io.tables import CONTACTS as EXAMPLE_CONTACTS
from tests.io.tables import TODAY, save

if TYPE_CHECKING:
    from pathlib import Path

SIGNS = string.ascii_letters + "éèàçœÉ ;,\"'=+-@|/\n()"
TEXTS = st.text(SIGNS, min_size=2, max_size=20).map(str.strip).filter(lambda t: not is_empty(t))
CODES = partial(st.from_regex, fullmatch=True, alphabet=string.ascii_uppercase + string.digits)
IDS = CODES(r"[A-Z][0-9]{1,5}")
AGENTS = CODES(r"[A-Z][A-Z0-9][0-9]{1,3}").filter(is_worker_code)
COMMUNES = CODES(r"(0[1-9]|[1-8][0-9]|2A|2B)[0-9]{3}")
POINTS = st.builds(
    Point, st.integers(20_000_000, 110_000_000).map(lambda c: c / 100),
    st.integers(620_000_000, 700_000_000).map(lambda c: c / 100),
)  # fmt: skip
COUNTS = st.none() | st.integers(0, 2000)
FULL_CONTACTS = """\
date;nombre;etape;commune_residence;freins;orientation_vers;issue;inscrit_spe;accompagne_spe
05/03/2024;4;sortie_positive;93010;mobilité|langue;mission locale;CDI;oui;inconnu
"""
RELAXED = settings(
    max_examples=40,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),  # tables of a few rows need no shrinking
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def codes(vocabulary: words.Vocabulary) -> st.SearchStrategy[str]:
    return st.sampled_from([word.code for word in vocabulary])


def one(**columns: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(columns)


PLACE = one(
    name=TEXTS,
    kind=codes(words.PLACE_KINDS),
    commune_code=COMMUNES,
    address=st.none() | TEXTS,
    postcode=st.none() | COMMUNES,
    status=codes(words.STATUSES),
    hosts_permanence=st.sampled_from([None, True, False]),
    opening_hours=st.sampled_from([None, "Mo-Fr 09:00-12:00; PH off", "We[1] 14:00-16:00"]),
    sensitive=st.booleans(),
    fixed_point=st.booleans(),
    source=TEXTS,
    first_contact_on=st.none() | st.dates(date(2015, 1, 1), date(2019, 12, 31)),
    last_met_on=st.none() | st.dates(date(2020, 1, 1), TODAY),
    updated_on=st.none() | st.dates(date(2015, 1, 1), TODAY),
    siret=st.sampled_from([None, "73282932000074"]),
    audiences=st.none() | TEXTS,
    sector=st.none() | TEXTS,
    season=st.none() | TEXTS,
    prospecting_stage=st.none() | TEXTS,
    closures=st.sampled_from([None, "2026-08-03/2026-08-23|2026-12-24/2026-12-24"]),
    hours_text=st.none() | st.just("quand il fait beau"),
    crowd=st.none(),  # of recurring places, which another sheet tells
    crowd_source=st.none(),
    geometry=st.none() | POINTS,
).map(lambda row: row | {
    "sensitive": row["sensitive"] or is_sensitive(row["kind"], row["name"]),
    "hours_text": row["hours_text"] if row["opening_hours"] is None else None,
})  # fmt: skip


@st.composite
def activity(draw: st.DrawFn) -> dict[str, Any]:
    start = draw(st.none() | st.integers(0, 1380))
    end = None if start is None else draw(st.integers(start + 15, min(start + 600, 1440)))
    hours = draw(st.none() | st.sampled_from([0.25, 1.5, 3.0])) if start is None else None
    return {
        "on": draw(st.dates(date(2015, 1, 1), TODAY)),
        "kind": draw(codes(words.ACTIVITY_KINDS)),
        "state": draw(codes(words.STATES)),
        "start_min": start,
        "end_min": end,
        "hours": hours if end is None or start is None else (end - start) / 60,
        "place_name": draw(st.none() | TEXTS),
        "place_id": draw(st.none() | IDS),
        "commune_code": draw(st.none() | COMMUNES),
        "agents": draw(st.none() | st.lists(AGENTS, min_size=1, unique=True).map("|".join)),
        **{n: draw(COUNTS) for n in ("n_informed", "n_engaged", "n_assessed", "n_referred")},
        **{n: draw(COUNTS) for n in ("n_women", "n_men", "n_gender_unknown", "n_under_26")},
        **{n: draw(COUNTS) for n in ("n_26_59", "n_60_plus", "n_age_unknown", "flyers")},
        "n_partners_met": draw(st.none() | st.integers(0, 500)),
        "weather": draw(st.none() | codes(words.WEATHERS)),
        "cancel_reason": draw(st.none() | codes(words.CANCEL_REASONS)),
        "place_precision": draw(codes(words.PRECISIONS[:3])),
        "qpv_code": draw(st.sampled_from([None, "QN09301N", "QP093002"])),
        "sensitive": draw(st.booleans()),
        "geometry": draw(st.none() | POINTS),
    }


AGENT = one(
    role=st.none() | codes(words.ROLES),
    weekly_hours=st.none() | st.floats(0, 39).map(lambda h: round(h, 2)),
    communes=st.none() | st.lists(COMMUNES, min_size=1, unique=True).map(sorted).map("|".join),
    start_place_id=st.none() | IDS,
    walk_kmh=st.none() | st.floats(2, 6),
    walk_max_m=st.none() | st.integers(500, 30_000).map(float),
    unit=st.none() | TEXTS,
    active_from=st.none() | st.dates(date(2015, 1, 1), date(2019, 12, 31)),
    active_to=st.none() | st.dates(date(2020, 1, 1), TODAY),
    languages=st.sampled_from([None, "arabe|français", "tamoul"]),
)


def table_of(rows: dict[str, dict[str, Any]], contract: Any) -> pd.DataFrame:  # noqa: ANN401
    if not rows:
        return empty_table(contract)
    frame = pd.DataFrame.from_dict(rows, orient="index", dtype="object")
    frame = frame.where(frame.notna(), None).set_axis(pd.Index(list(rows), dtype="object"))
    return conform(frame, contract)


def assert_same(read: pd.DataFrame, written: pd.DataFrame) -> None:
    if isinstance(written, gpd.GeoDataFrame):
        assert [None if p is None else (p.x, p.y) for p in read.geometry] == [
            None if p is None else (p.x, p.y) for p in written.geometry
        ]
        read, written = read.drop(columns="geometry"), written.drop(columns="geometry")
    pd.testing.assert_frame_equal(pd.DataFrame(read), pd.DataFrame(written), rtol=0, atol=1e-9)


@RELAXED
@given(rows=st.dictionaries(IDS, PLACE, max_size=4))
def test_partners_read_back(tmp_path: Path, rows: dict[str, dict[str, Any]]) -> None:
    table = table_of(rows, PLACES)
    assert_same(read_partners(write_csv(table, PLACES, tmp_path / "p.csv"))[0], table)


@RELAXED
@given(rows=st.dictionaries(IDS, activity(), max_size=4))
def test_activities_read_back(tmp_path: Path, rows: dict[str, dict[str, Any]]) -> None:
    table = coarsened(table_of(rows, ACTIVITIES))
    read, report = read_activities(write_csv(table, ACTIVITIES, tmp_path / "a.csv"))
    assert [str(i) for i in report.issues if i.refused] == []
    assert_same(read, table)


@RELAXED
@given(rows=st.dictionaries(AGENTS, AGENT, max_size=4))
def test_team_reads_back(tmp_path: Path, rows: dict[str, dict[str, Any]]) -> None:
    table = table_of(rows, TEAM)
    assert_same(read_team(write_csv(table, TEAM, tmp_path / "t.csv"))[0], table)


def test_availability_and_contacts_read_back(tmp_path: Path) -> None:
    slots, _ = read_availability(save(tmp_path, EXAMPLE_SLOTS))
    assert_same(read_availability(write_csv(slots, AVAILABILITY, tmp_path / "s.csv"))[0], slots)
    for text in (EXAMPLE_CONTACTS, FULL_CONTACTS):
        counts, report = read_contacts(save(tmp_path, text))
        assert [i.code for i in report.issues if i.code != "W-K"] == []
        assert_same(read_contacts(write_csv(counts, CONTACTS, tmp_path / "c.csv"))[0], counts)


@given(TEXTS)
def test_no_text_starts_a_formula_and_the_guard_comes_off(text: str) -> None:
    assert protected(text)[0] not in "=+-@\t\r"
    assert clean(protected(text)) == text


def test_french_conventions(tmp_path: Path) -> None:
    activities, _ = read_activities(save(tmp_path, EXAMPLE), today=TODAY)
    raw = write_csv(activities, ACTIVITIES, tmp_path / "a.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfdate;type_activite;")
    assert raw.count(b"\r\n") == 4
    text = raw.decode("utf-8-sig")
    assert "05/03/2024" in text
    assert ";2,5;" in text
    assert ";14:00;16:30;" in text


def test_tables_nobody_fills_in_are_not_written(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="« nodes »"):
        write_csv(empty_table(NODES), NODES, tmp_path / "n.csv")


def test_refused_lines_are_listed_without_values(tmp_path: Path) -> None:
    head = "date;type_activite;lieu;agents;nb_informes"
    rows = ["45/99/2024;maraude;A;;", "05/03/2024;secretissime;A;;", "05/03/2024;maraude;A;;quinze"]
    rows += ["05/03/2024;maraude;06 12 34 56 78;;", "05/03/2024;maraude;A;Fatou Exemple;"]
    _, report = read_activities(save(tmp_path, "\n".join([head, *rows])))
    for given_one in (report, [report]):
        path = write_refused(given_one, tmp_path / "sous" / "refus.csv")
        text = path.read_text(encoding="utf-8-sig")
        for value in ("45/99", "secretissime", "quinze", "06 12", "Fatou"):
            assert value not in text
        lines = list(csv.DictReader(text.splitlines(), delimiter=";"))
        assert [line["ligne"] for line in lines] == ["2", "3", "4", "5", "6"]
        assert [line["code"] for line in lines] == [
            "E-DATE", "E-LISTE", "E-NUM", "E-TEXTE", "E-NOM",
        ]  # fmt: skip
        assert all(line["probleme"] for line in lines)
