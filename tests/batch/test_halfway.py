"""Parts shared with helpers who are quick, slow, dead or nobody: what is found is the same."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from territory.batch.catalogue import publish
from territory.batch.halfway import ROUND, met_halfway
from territory.batch.run import run
from territory.batch.scheduler import Crew, gathered
from territory.batch.store import Store
from territory.batch.work import Task, work_on
from territory.model.progress import SILENT
from territory.network.near import near_walks
from tests.batch.shared_parts import ALONE, GO_ON, PARTS, Shared, walked
from tests.batch.stand_in import MARKS, WAIT_S, marks
from tests.batch.territories import AT, counted, territory, told
from tests.batch.test_scheduler import beside, wait_until
from tests.network.judges import random_graph
from tests.network.test_tiles import bits, with_points

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from distributed import Client

TILES, LIMIT_MIN = 9, 5.0


@pytest.fixture(scope="module")
def kept_marks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder that workers are told of as they start."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("marques")
        patch.setenv(MARKS, str(folder))
        yield folder


@pytest.fixture(scope="module")
def two_workers(kept_marks: Path) -> Iterator[Client]:
    """Two workers for all the tests here."""
    assert kept_marks.is_dir()
    with gathered(Crew("local", 2, 4 << 30)) as client:
        yield client


@pytest.fixture
def client(two_workers: Client) -> Client:
    """The two workers, both there: one that a test killed is replaced."""
    two_workers.wait_for_workers(2, timeout=WAIT_S)
    return two_workers


@pytest.fixture
def computed(kept_marks: Path) -> Path:
    """The folder where each part done leaves a mark, empty."""
    for file in kept_marks.iterdir():
        file.unlink()
    return kept_marks


# Who does what


@given(st.integers(0, 3 * ROUND), st.sets(st.integers(0, 3 * ROUND)))
def test_parts_come_in_order_whoever_did_them(count: int, ready: set[int]) -> None:
    """A helper is ready with some; its answer is taken, and its owner does no other twice."""
    done: list[int] = []
    open_rounds: list[int] = []

    @contextmanager
    def some_help(
        _do: Callable[[int], str], parts: Sequence[int]
    ) -> Iterator[Callable[[int], str | None]]:
        assert 1 < len(parts) <= ROUND
        open_rounds.append(len(parts))
        yield lambda n: f"aide {parts[n]}" if parts[n] in ready else None
        open_rounds.pop()

    def do(part: int) -> str:
        done.append(part)
        return f"soi {part}"

    found = list(met_halfway(some_help, do, iter(range(count))))
    alone = {count - 1} if count % ROUND == 1 else set()  # one is not worth asking
    helped = ready - alone
    assert found == [f"{'aide' if n in helped else 'soi'} {n}" for n in range(count)]
    assert done == [n for n in range(count) if n not in helped]
    assert open_rounds == []


def test_what_fails_here_is_raised_and_help_is_given_up() -> None:
    closed = []

    @contextmanager
    def no_help(_do: object, _parts: object) -> Iterator[Callable[[int], None]]:
        try:
            yield lambda _n: None
        finally:
            closed.append(True)

    with pytest.raises(ZeroDivisionError):
        list(met_halfway(no_help, lambda part: 1 // part, [2, 1, 0]))
    assert closed == [True]


# Real workers


def crew_of(client: Client) -> Crew:
    return Crew(str(client.scheduler.address))


def test_networks_cut_among_workers_answer_as_the_whole(client: Client) -> None:
    networks = [with_points(graph, range(graph.n)) for graph in map(random_graph, range(16))]
    asked = [client.submit(walked, one, LIMIT_MIN, TILES, pure=False) for one in networks]
    for network, walks in zip(networks, client.gather(asked), strict=True):
        names = list(network.points.index)
        whole = near_walks(network, names, names, limit_min=LIMIT_MIN, tiles=1)
        assert bits(walks) == bits(whole)


def test_idle_workers_help_and_the_answer_is_the_same(
    tmp_path: Path, computed: Path, client: Client
) -> None:
    listed, alone = territory(tmp_path, "ville-coupee", "entraide"), Store("memory://seule")
    (computed / ALONE).touch()
    work_on(Task(listed, alone.address, craft=Shared), alone, tmp_path / "essai")
    publish(alone, [listed], AT)
    for file in computed.iterdir():
        file.unlink()  # of the one alone
    store = Store(str(tmp_path / "magasin"))
    ran = run([Task(listed, store.address, craft=Shared)], crew_of(client), SILENT)
    assert [o.state for o in ran.outcomes] == ["done"]
    assert (counted(store), told(store)) == (counted(alone), told(alone))
    done = [m.partition("-")[0] for m in marks(computed)]
    assert done.count("aide") == PARTS - 1
    assert done.count("soi") < PARTS  # what helpers found is taken


def test_a_helper_killed_with_a_part_in_hand_loses_nothing(
    tmp_path: Path, computed: Path, client: Client
) -> None:
    listed, store = territory(tmp_path, "ville", "aide-tuee"), Store(str(tmp_path / "magasin"))

    def helpers() -> list[int]:
        found = [m.partition(":")[0].partition("-") for m in marks(computed)]
        return [int(process) for who, _, process in found if who == "aide"]

    def kill() -> None:
        wait_until(lambda: len(helpers()) > 0)
        psutil.Process(helpers()[0]).kill()
        (computed / GO_ON).touch()

    with beside(kill):
        ran = run([Task(listed, store.address, craft=Shared)], crew_of(client), SILENT)
    assert [o.state for o in ran.outcomes] == ["done"]
    own = [int(m.partition(":")[2]) for m in marks(computed) if m.startswith("soi")]
    assert sorted(own) == list(range(PARTS))
    assert len(counted(store)["territoires"]) == 1


def test_time_is_looked_at_between_parts(tmp_path: Path, computed: Path) -> None:
    listed, store = territory(tmp_path, "ville"), Store(str(tmp_path / "magasin"))
    task = Task(listed, store.address, minutes=0.0, craft=Shared)
    assert work_on(task, store, tmp_path / "essai").ending == "time_up"
    assert [m.partition(":")[2] for m in marks(computed)] == ["0"]
