"""The process of the jobs is replaced when it has worked much or weighs much; nobody waits."""

from __future__ import annotations

import sys
from mmap import mmap
from typing import TYPE_CHECKING

import pytest

from territory.web.crew import Wear
from territory.web.job_model import JobState
from territory.web.weight import resident_mib
from tests.web.job_server import jobs_of
from tests.web.test_jobs import begun, gone, over, start, until

if TYPE_CHECKING:
    from pathlib import Path

NEVER = Wear(jobs=1000, mib=1e9)


@pytest.mark.skipif(sys.platform == "win32", reason="a process is looked for by a signal of Unix")
@pytest.mark.parametrize("wear", [Wear(jobs=2, mib=1e9), Wear(jobs=1000, mib=1.0), NEVER])
def test_a_worn_process_makes_way_for_a_fresh_one(tmp_path: Path, wear: Wear) -> None:
    jobs = jobs_of(tmp_path, wear=wear)
    try:
        held = [start(jobs, "hold", name=name) for name in "ab"]
        for name in "ab":
            (tmp_path / name).touch()
        assert [over(jobs, job).state for job in held] == [JobState.DONE] * 2
        first = begun(tmp_path, "a")[0]
        if wear is not NEVER:
            until(lambda: gone(first))
        after = start(jobs, "hold", name="c")
        last = begun(tmp_path, "c")[0]
        (tmp_path / "c").touch()
        assert over(jobs, after).state is JobState.DONE
        assert (last == first) is (wear is NEVER)
    finally:
        jobs.close()


def test_jobs_go_on_one_after_the_other_while_processes_are_replaced(tmp_path: Path) -> None:
    jobs = jobs_of(tmp_path, wear=Wear(jobs=1))
    try:
        held = [start(jobs, "answer", second=str(number)) for number in range(6)]
        ended = [over(jobs, job) for job in held]
    finally:
        jobs.close()
    assert [job.lines[1] for job in ended] == list("012345")
    assert {job.state for job in ended} == {JobState.DONE}


def test_memory_that_is_taken_is_seen() -> None:
    before = resident_mib()
    with mmap(-1, 64 * 1024 * 1024) as block:  # new to the process, whatever it had freed
        block.write(b"x" * len(block))
        assert resident_mib() > before + 32 or sys.platform != "linux"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not tell")
def test_a_system_that_does_not_tell_of_now_tells_of_the_most(tmp_path: Path) -> None:
    assert resident_mib(tmp_path / "absent") > 10
