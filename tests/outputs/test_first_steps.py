"""The five steps of a newcomer: done in order, never before what they rest on."""

from __future__ import annotations

from territory.outputs.first_steps import first_steps

DATA = {"communes", "cells", "streets"}


def test_an_empty_folder_starts_with_its_territory() -> None:
    steps = first_steps((), founded=False, built=False, planned=False)
    assert steps.now == 1
    assert not any(steps.done)
    assert [w.kind for w in steps.data if w.needed] == ["communes", "cells", "streets"]
    assert not any(w.here for w in (*steps.data, *steps.team))


def test_the_team_may_come_before_the_data() -> None:
    steps = first_steps({"team", "communes"}, founded=True, built=False, planned=False)
    assert steps.done == (True, False, True, False, False)
    assert steps.now == 2
    assert [w.kind for w in steps.data if w.here] == ["communes"]


def test_a_computation_from_before_a_file_was_taken_out_does_not_count() -> None:
    steps = first_steps({"team", "communes"}, founded=True, built=True, planned=True)
    assert steps.done[3:] == (False, False)


def test_all_done_leaves_nothing_now() -> None:
    steps = first_steps(DATA | {"team"}, founded=True, built=True, planned=True)
    assert steps.now == 6
    assert all(steps.done)
