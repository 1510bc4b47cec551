"""Tables of a report: what a hand finds in a few counts, and nothing that gives a hidden one."""

from __future__ import annotations

import pandas as pd

from territory.analysis.report.outside import outside_profile
from territory.model.report import FIGURES, Figures
from territory.model.tables import conform
from territory.outputs.report_content import chapters
from territory.outputs.report_grids import NOBODY_SAYS, Grid, grids
from territory.outputs.report_shown import HIDDEN, Shown
from territory.settings.report import Profile


def profile(**table: object) -> Profile:
    countings = [
        {"code": code, "libelle": f"{label}, par commune", "rubrique": "Parcours",
         "compter": counted, "par": "commune", "dessin": "aucun"}
        for code, label, counted in (("A", "Activités", "activites"),
                                     ("I", "Touchées", "personnes"),
                                     ("D", "Diagnostiquées", "personnes"))
    ]  # fmt: skip
    told = {"code": "T", "titre": "Parcours, par commune", "rubrique": "Parcours",
            "colonnes": ["A", "I", "D"], **table}  # fmt: skip
    return Profile.model_validate(
        {"code": "p", "nom": "Profil", "chiffre": countings, "tableau": [told]}
    )


def shown(counts: dict[str, tuple[float, int]], hidden: tuple[str, ...] = ()) -> Shown:
    """Figures by name « I/x »: value and lines without count."""
    rows = {
        name: {
            "definition": name.split("/")[0], "part": name.partition("/")[2],
            "label": {"?": "non localisé"}.get(name.partition("/")[2], name.partition("/")[2]),
            "unit": "activités" if name.startswith("A") else "personnes", "value": value,
            "used": 1, "uncounted": uncounted, "people": not name.startswith("A"), "mention": "",
        }
        for name, (value, uncounted) in counts.items()
    }  # fmt: skip
    table = conform(pd.DataFrame.from_dict(rows, orient="index"), FIGURES).loc[list(rows)]
    return Shown(Figures(table), frozenset(hidden))


COUNTS = {
    "A": (12.0, 0), "A/x": (7.0, 0), "A/y": (5.0, 0),
    "I": (123.0, 0), "I/?": (3.0, 0), "I/x": (100.0, 0), "I/y": (20.0, 0),
    "D": (54.0, 0), "D/x": (40.0, 0), "D/z": (14.0, 0),
}  # fmt: skip


def only(told: Profile, now: Shown) -> Grid:
    (grid,) = grids(told, "Parcours", now)
    return grid


def test_parts_come_in_the_order_of_the_first_column_untold_last_then_the_whole() -> None:
    grid = only(profile(), shown(COUNTS))
    assert [row.label for row in grid.rows] == ["x", "y", "z", "non localisé", "Ensemble"]
    assert [[c.value for c in row.cells] for row in grid.rows] == [
        ["7", "100", "40"], ["5", "20", "0"], ["0", "0", "14"], ["0", "3", "0"], ["12", "123", "54"]
    ]  # fmt: skip
    assert grid.headers == ("Activités", "Touchées", "Diagnostiquées")
    assert [row.whole for row in grid.rows] == [False] * 4 + [True]


def test_each_step_is_a_share_of_the_one_before_with_wilson_limits() -> None:
    grid = only(profile(etapes=True), shown(COUNTS))
    by_label = {row.label: row.cells for row in grid.rows}
    # 40 of 100: Wilson (0.3094, 0.4980); 100 of 7 activities is no share
    assert (by_label["x"][2].share, by_label["x"][2].interval) == (
        "40,0\u202f%",
        "entre 31 et 50\u202f%",
    )
    assert by_label["x"][1].share == ""
    assert by_label["z"][2].share == ""  # 14 of nobody
    assert by_label["Ensemble"][2].share == "43,9\u202f%"


def test_people_by_activity_are_given_only_when_every_line_is_counted_and_placed() -> None:
    counts = {**COUNTS, "D/x": (40.0, 2)}
    grid = only(profile(rapporter=True), shown(counts))
    by_label = {row.label: [cell.ratio for cell in row.cells] for row in grid.rows}
    assert by_label["x"] == ["", "14,3 par activité", ""]
    assert by_label["y"] == ["", "4,0 par activité", "0,0 par activité"]
    assert by_label["Ensemble"] == [
        "",
        "",
        "4,5 par activité",
    ]  # three people met nobody knows where


def test_what_is_hidden_gives_no_share_nor_ratio_on_either_side() -> None:
    told = profile(etapes=True, rapporter=True)
    grid = only(told, shown(COUNTS, ("D/x", "I/y", "A")))
    by_label = {row.label: row.cells for row in grid.rows}
    assert by_label["x"][2].value == HIDDEN
    assert by_label["y"][1].value == HIDDEN
    assert by_label["Ensemble"][0].value == HIDDEN
    for cell in (by_label["x"][2], by_label["y"][1], by_label["Ensemble"][1]):
        assert (cell.share, cell.interval, cell.ratio) == ("", "", "")
    assert by_label["y"][2].share == ""


def test_a_long_table_says_how_many_lines_are_left_and_an_untold_one_that_nothing_is_said() -> None:
    counts = {f"{code}/{at:02d}": (float(99 - at), 0) for code in "AID" for at in range(18)}
    wholes = dict.fromkeys("AID", (1000.0, 0))
    grid = only(profile(), shown({**wholes, **counts}))
    assert len(grid.rows) == 16
    assert grid.more == "… et 3 autres communes, dans le tableur."
    untold = only(profile(), shown({**wholes, **{f"{code}/?": (1000.0, 0) for code in "AID"}}))
    assert (len(untold.rows), untold.more) == (1, NOBODY_SAYS)


def test_what_stands_in_a_table_is_no_block_and_what_is_of_the_team_stays_there() -> None:
    told, now = profile(), shown(COUNTS)
    (chapter,) = chapters(told, now, now)
    assert (chapter.blocks, len(chapter.grids)) == ((), 1)
    own = told.model_copy(
        update={
            "countings": tuple(c.model_copy(update={"team": c.code == "D"}) for c in told.countings)
        }
    )
    assert [c.code for c in outside_profile(own).countings] == ["A", "I"]
    assert outside_profile(own).tables == ()
