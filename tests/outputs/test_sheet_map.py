"""The plans of a sheet: one each side of a bus ride, signs, names, all in black and white."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
from shapely.geometry import box

from territory.outputs.sheet_map import HIGHEST, LOWEST, SQUAT, Plan, sheet_maps
from territory.outputs.sheets_content import sheet_content
from territory.outputs.street_plan import WIDTH, view_of
from territory.settings import Settings
from tests.outputs.map_town import X0, Y0, outing, stop, streets

if TYPE_CHECKING:
    from territory.model.week_results import Session

FAR = 4000.0


def ridden(*, walk_after: bool = True, walk_before: bool = True) -> Session:
    """Two stops near the start, then a bus to two others four kilometres east."""
    stops = (
        stop(1, "A", 150, 100), stop(2, "B", 300, 100),
        replace(stop(3, "C", FAR, 100), ride="bus 9"), stop(4, "D", FAR + 200, 100),
    )  # fmt: skip
    before = ((100, 100), (200, 100), (300, 100)) if walk_before else ()
    after = ((FAR, 100), (FAR + 100, 100), (FAR + 200, 100)) if walk_after else ()
    path = tuple((X0 + x, Y0 + y) for x, y in (*before, *after))
    return outing(stops=stops, path=path)


def plans(session: Session, **options: object) -> list[Plan]:
    return sheet_maps(session, streets(), None, **options)  # type: ignore[arg-type]


def walked(plan: Plan) -> int:
    """Return how many points the walk drawn has."""
    lines = re.findall(r'<polyline points="([^"]*)" fill="none" stroke="#000"', plan.svg)
    return max((len(line.split()) for line in lines), default=0)


def test_there_is_one_plan_when_all_is_near() -> None:
    near = replace(outing().stops[1], ride="bus 9")
    (only,) = plans(outing(stops=(outing().stops[0], near)))
    assert [s.order for s in only.stops] == [1, 2]
    assert only.width == WIDTH


def test_a_long_ride_divides_the_plan_and_no_line_crosses_it() -> None:
    first, second = plans(ridden())
    assert [[s.order for s in one.stops] for one in (first, second)] == [[1, 2], [3, 4]]
    assert (walked(first), walked(second)) == (3, 3)
    assert (first.start, second.start) == (True, False)


def test_what_is_not_walked_is_not_drawn() -> None:
    assert [walked(one) for one in plans(ridden(walk_after=False))] == [3, 0]
    assert [walked(one) for one in plans(ridden(walk_before=False))] == [0, 3]


def test_a_stop_that_one_rides_to_has_the_small_streets_around_by_name() -> None:
    """Nothing is walked and no main street is near: the nearest small ones say where one is."""
    here = streets(blocks=2).assign(highway="residential", name="rue de la Gare")
    there = streets(blocks=2).assign(highway="residential", name="passage du Port")
    there = there.set_geometry(there.geometry.translate(FAR - 200, 0))
    there.index = there.index + len(here)
    ground = pd.concat([here, there])
    alone = replace(stop(3, "C", FAR, 100), ride="bus 9")
    session = ridden(walk_after=False)
    lone = replace(session, stops=(*session.stops[:2], alone), streets=())
    _, second = sheet_maps(lone, ground, None)
    assert "passage du Port" in second.svg
    assert "rue de la Gare" not in second.svg


def test_a_walk_that_begins_with_a_ride_has_no_start() -> None:
    first = replace(outing().stops[0], ride="bus 9")
    (only,) = plans(outing(stops=(first, *outing().stops[1:])))
    assert not only.start
    assert "départ" not in only.svg


def test_start_lunch_and_permanences_are_marked() -> None:
    noon = outing(lunch_min=outing().stops[0].leave_min + 5)
    desks = {"p9": (X0 + 500, Y0 + 300), "p1": (X0 + 150, Y0 + 150), "far": (X0 + 9e4, Y0)}
    (only,) = plans(noon, permanences=desks)
    assert only.permanences
    assert only.svg.count(">P</text>") == 1  # p1 is a stop, the other is out of sight
    assert ">départ</text>" in only.svg
    assert ">déjeuner</text>" in only.svg
    content = sheet_content(noon, {}, [only], Settings())
    assert "P : permanence" in content["legend"]
    assert "zone" not in content["legend"]


def test_the_legend_tells_what_is_seen() -> None:
    (only,) = sheet_maps(outing(), streets(), box(X0, Y0, X0 + 300, Y0 + 300))
    legend = sheet_content(outing(), {}, [only], Settings())["legend"]
    assert "tirets : zone peu couverte" in legend
    assert "permanence" not in legend
    assert "OpenStreetMap" in legend


def test_a_high_outing_gets_a_high_plan_when_there_is_room() -> None:
    path = ((X0, Y0), (X0, Y0 + 900))
    climbing = outing(stops=(stop(1, "A", 0, 900),), path=path)
    heights = [
        int(re.findall(r'viewBox="0 0 \d+ (\d+)"', plans(climbing, heights=h)[0].svg)[0])
        for h in ((LOWEST, HIGHEST), (LOWEST, LOWEST), (SQUAT, SQUAT))
    ]
    assert heights == [HIGHEST, LOWEST, SQUAT]


def test_every_ink_is_dark_or_pale_enough_to_survive_a_bad_printer() -> None:
    desks = {"p9": (X0 + 500, Y0 + 300)}
    (only,) = sheet_maps(outing(), streets(), box(X0, Y0, X0 + 300, Y0 + 300), permanences=desks)
    inks = {int(ink[0] * 2 if len(ink) == 3 else ink[:2], 16) / 255
            for ink in re.findall(r'"#([0-9a-f]{3,6})"', only.svg)}  # fmt: skip
    assert len(inks) >= 4
    assert all(ink <= 0.35 or ink >= 0.85 for ink in inks)
    assert not re.findall(r'"#(?:(?!(..)\1\1"|(.)\2\2")[0-9a-f]{3,6})"', only.svg)  # greys only


def test_a_street_is_as_wide_as_it_is_as_far_as_ink_allows() -> None:
    wide, near = view_of([(0, 0), (4000, 0)]), view_of([(0, 0), (400, 0)])
    assert wide.scale < near.scale
    widths = [
        {float(w) for w in re.findall(r'stroke="#fff" stroke-width="([\d.]+)"', one.svg)}
        for one in (plans(ridden())[0], plans(outing(path=()))[0])
    ]
    assert all(min(found) >= 3.5 and max(found) <= 26 for found in widths)
