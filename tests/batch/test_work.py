"""One territory of a batch: done once, resumed, refused, damaged, out of space."""

from __future__ import annotations

import errno
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from territory.batch.catalogue import entries_of, entry_of, publish, read_catalogue
from territory.batch.dataset import read_kind
from territory.batch.store import Store
from territory.batch.work import work_on
from territory.errors import UnreadableFile
from tests.batch.stand_in import LAST, MARKS, SECRET, STEPS, Mended, QuickCraft, marks
from tests.batch.territories import AT, counted, many, pieces, tasks, territory, told, worked

if TYPE_CHECKING:
    from pathlib import Path

    from territory.batch.kinds import Rows
    from territory.batch.listing import Listed
    from territory.batch.work import Outcome
    from territory.io.products import Computed
    from territory.pipeline.workspace import Built, Territory


@pytest.fixture
def computed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder where each product computed leaves a mark."""
    folder = tmp_path / "marques"
    folder.mkdir()
    monkeypatch.setenv(MARKS, str(folder))
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(str(tmp_path / "magasin"))


class Full(Store):
    """A store that has no room for its write number `left` + 1, nor for any after."""

    def __init__(self, address: str, left: int) -> None:
        super().__init__(address)
        self.left = left

    def write(self, path: str, content: bytes) -> None:
        self.take_room()
        super().write(path, content)

    def put(self, path: str, source: Path) -> None:
        self.take_room()
        super().put(path, source)

    def take_room(self) -> None:
        if self.left <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        self.left -= 1


def test_done_once_then_left_as_it_is(tmp_path: Path, store: Store, computed: Path) -> None:
    towns = many(tmp_path, 2)
    first = worked(towns, store, tmp_path / "essai")
    assert [(o.state, o.fresh) for o in first] == [("done", True)] * 2
    assert len(read_kind(store, "indicators")) == 6
    before, content = marks(computed), store.read("catalogue.json")
    second = worked(towns, store, tmp_path / "essai")
    assert [(o.state, o.fresh) for o in second] == [("done", False)] * 2
    assert marks(computed) == before
    assert store.read("catalogue.json") == content
    assert not list((tmp_path / "essai").iterdir())


def test_what_weeks_alone_rest_on_is_made_when_asked(tmp_path: Path, computed: Path) -> None:
    """Asked for less, what has more is good; asked for more, only what lacks is computed."""
    store, (task,) = Store(str(tmp_path / "magasin")), tasks(many(tmp_path, 1), "")
    fresh = [
        work_on(replace(task, whole=whole), store, tmp_path / "travail").fresh
        for whole in (False, True, False)
    ]
    assert fresh == [True, True, False]
    assert marks(computed) == [f"ville-00:{name}" for name in (*STEPS, LAST)]


def test_weeks_of_a_folder_are_no_result(tmp_path: Path, store: Store) -> None:
    (one,) = many(tmp_path, 1)
    week = tmp_path / one.name / "data" / "processed" / "90_week_2026-W46"
    week.mkdir(parents=True)
    (week / "semaine.json").write_text("{}", encoding="utf-8")
    assert worked([one], store, tmp_path / "travail")[0].state == "done"
    assert not [name for name in store.names() if "90_week" in name]


def test_a_store_in_memory_holds_the_same(tmp_path: Path, store: Store) -> None:
    towns, other = many(tmp_path, 2), Store("memory://lots")
    worked(towns, store, tmp_path / "essai")
    worked(towns, other, tmp_path / "essai")
    assert (counted(other), told(other)) == (counted(store), told(store))
    assert [o.fresh for o in worked(towns, other, tmp_path / "essai")] == [False, False]


def test_what_changed_is_computed_again_and_replaces_all(tmp_path: Path, store: Store) -> None:
    towns = many(tmp_path, 2)
    worked(towns, store, tmp_path / "essai")
    old = pieces(store)
    territory(tmp_path, "ville-01", "autre nom")
    assert [o.fresh for o in worked(towns, store, tmp_path / "essai")] == [False, True]
    names = read_kind(store, "territoires")["name"].tolist()
    assert names == ["ville-00", "autre nom"]
    assert len(read_kind(store, "indicators")) == 6
    assert len(pieces(store) & old) == 2


def test_a_territory_that_moves_is_counted_in_one_departement(tmp_path: Path, store: Store) -> None:
    town = territory(tmp_path, "ville")
    worked([town], store, tmp_path / "essai")
    worked([replace(town, department="94")], store, tmp_path / "essai")
    assert read_kind(store, "territoires")["departement"].tolist() == ["94"]


@pytest.mark.parametrize(
    ("said", "ending", "words"),
    [
        ("absent", "failed", "Il manque les carreaux."),
        ("impossible", "impossible", "Personne ne peut couvrir ce territoire."),
        ("bogue", "failed", "Une erreur imprévue s'est produite (KeyError)"),
    ],
)
def test_a_failure_is_told_and_stops_no_other(
    tmp_path: Path, store: Store, said: str, ending: str, words: str
) -> None:
    towns = [territory(tmp_path, "a", said), territory(tmp_path, "b")]
    bad, good = worked(towns, store, tmp_path / "essai")
    assert (bad.state, bad.ending, good.state) == ("failed", ending, "done")
    assert words in bad.sentence
    entry = read_catalogue(store)[0]
    assert (entry.name, entry.sentence, entry.step) == ("a", bad.sentence, STEPS[1])
    assert read_kind(store, "territoires")["territoire"].tolist() == ["b"]
    written = [store.read(path) or b"" for path in store.names()]
    assert not any(SECRET.encode() in content for content in written)


def test_a_folder_that_is_not_there_is_absent(tmp_path: Path, store: Store) -> None:
    town = territory(tmp_path, "ville")
    shutil.rmtree(tmp_path / "ville")
    (outcome,) = worked([town], store, tmp_path / "essai")
    assert (outcome.state, outcome.ending) == ("absent", "absent")
    assert "territory init" in outcome.sentence


def test_out_of_time_resumes_where_it_was(tmp_path: Path, store: Store, computed: Path) -> None:
    town = territory(tmp_path, "ville")
    (task,) = tasks([town], store.address)
    late = work_on(replace(task, minutes=0.0), store, tmp_path / "essai")
    assert (late.state, late.ending) == ("failed", "time_up")
    assert "Relancez" in late.sentence
    assert work_on(task, store, tmp_path / "essai").fresh
    assert sorted(marks(computed)) == sorted(f"ville:{name}" for name in STEPS)


def test_a_half_done_territory_resumes_at_its_step(
    tmp_path: Path, store: Store, computed: Path
) -> None:
    town = territory(tmp_path, "ville", "impossible")
    worked([town], store, tmp_path / "essai")
    assert store.read("produits/ville/10_zones/manifeste.json")
    assert marks(computed) == ["ville:10_zones"]
    (computed / "ville:10_zones+0").touch()
    # Whatever stopped it is mended elsewhere: same files, another build.
    mended = replace(tasks([town], store.address)[0], craft=Mended)
    assert work_on(mended, store, tmp_path / "essai").state == "done"
    publish(store, [town], AT)
    assert read_kind(store, "territoires")["computed"].tolist() == [2]
    assert marks(computed).count("ville:10_zones") == 2  # once, and the file touched above


def test_a_full_disk_at_any_write_loses_nothing(tmp_path: Path) -> None:
    done, town = many(tmp_path, 2)
    whole = Store("memory://entier")
    worked([done, town], whole, tmp_path / "essai")
    refused = 0
    while True:
        address = f"memory://plein-{refused}"
        worked([done], Store(address), tmp_path / "essai")
        store = Full(address, refused)
        outcome = _on_a_full_disk([done, town], store, tmp_path / "essai")
        _holds_together(Store(address))
        if store.left:
            break
        assert outcome is None or outcome.state == "done" or "Plus de place" in outcome.sentence
        after = Store(address)
        worked([done, town], after, tmp_path / "essai")
        assert (counted(after), told(after)) == (counted(whole), told(whole))
        refused += 1
    assert refused == 15  # 9 files of products, 2 parts, the entry, the catalogue and its table


def _on_a_full_disk(towns: list[Listed], store: Store, scratch: Path) -> Outcome | None:
    """Return how the last one ended, None when the catalogue could not be written."""
    try:
        return worked(towns, store, scratch)[-1]
    except OSError:
        return None


def _holds_together(store: Store) -> None:
    """Every file that an entry or the catalogue names is whole."""
    for entry in (*read_catalogue(store), *entries_of(store)):
        for piece in entry.result.parts.values() if entry.result else ():
            assert store.sha256(piece.path) == piece.sha256


@pytest.mark.parametrize("hurt", ["part", "product", "entry", "catalogue", "gone"])
def test_what_is_damaged_is_computed_again(tmp_path: Path, store: Store, hurt: str) -> None:
    towns = many(tmp_path, 2)
    worked(towns, store, tmp_path / "essai")
    before, entry = counted(store), entry_of(store, "ville-00")
    assert entry is not None
    assert entry.result is not None
    path = {
        "part": entry.result.parts["indicators"].path,
        "gone": entry.result.parts["indicators"].path,
        "product": "produits/ville-00/20_places/table.parquet",
        "entry": "etats/ville-00.json",
        "catalogue": "catalogue.json",
    }[hurt]
    content = store.read(path) or b""
    store.remove(path) if hurt == "gone" else store.write(path, content[:-9] + b"abc")
    if hurt in {"part", "gone"}:
        with pytest.raises(UnreadableFile, match="territory batch"):
            read_kind(store, "indicators")
    first, second = worked(towns, store, tmp_path / "essai")
    assert (first.state, first.fresh, second.fresh) == ("done", hurt != "catalogue", False)
    assert counted(store) == before
    assert [o.fresh for o in worked(towns, store, tmp_path / "essai")] == [False, False]


def test_a_failure_counts_nothing_and_its_last_result_comes_back(
    tmp_path: Path, store: Store
) -> None:
    town = territory(tmp_path, "ville")
    worked([town], store, tmp_path / "essai")
    before = counted(store)
    territory(tmp_path, "ville", "impossible")
    worked([town], store, tmp_path / "essai")
    assert counted(store)["territoires"] == []
    territory(tmp_path, "ville")
    worked([town], store, tmp_path / "essai")
    assert counted(store) == before


def test_a_twin_that_fails_leaves_what_the_other_did(tmp_path: Path, store: Store) -> None:
    town = territory(tmp_path, "ville")
    (task,) = tasks([town], store.address)

    class Late(QuickCraft):
        def trouble(self, name: str) -> None:
            assert work_on(task, store, tmp_path / "autre").fresh, name  # the other ends first
            raise KeyError

    late = work_on(replace(task, craft=Late), store, tmp_path / "essai")
    assert late.state == "done"
    assert entry_of(store, "ville").state == "done"


def test_two_twins_at_once_count_once(tmp_path: Path, store: Store) -> None:
    """Two workers given the same territory, each believing the other dead."""
    town, alone = territory(tmp_path, "ville"), Store("memory://seul")
    worked([town], alone, tmp_path / "essai")
    (task,) = tasks([town], store.address)
    meeting = threading.Barrier(2, timeout=60)

    class Together(QuickCraft):
        def computed(self, territory: Territory, product: str) -> Computed:
            meeting.wait()
            return super().computed(territory, product)

        def rows(self, built: Built, listed: Listed) -> Rows:
            meeting.wait()
            return super().rows(built, listed)

    with ThreadPoolExecutor(2) as pool:
        twin = replace(task, craft=Together)
        found = pool.map(lambda n: work_on(twin, store, tmp_path / f"essai-{n}"), range(2))
    assert [o.state for o in found] == ["done", "done"]
    publish(store, [town], AT)
    assert (counted(store), told(store)) == (counted(alone), told(alone))


def test_another_batch_that_ends_meanwhile_is_in_the_catalogue(
    tmp_path: Path, store: Store
) -> None:
    ours, theirs = many(tmp_path, 2)
    worked([ours], store, tmp_path / "essai")

    class Late(Store):
        """Whose catalogue is written just after another batch ended whole."""

        def write(self, path: str, content: bytes) -> None:
            if path == "catalogue.json" and entry_of(self, theirs.name) is None:
                worked([theirs], store, tmp_path / "autre")
            super().write(path, content)

    worked([replace(ours, network="autre")], Late(store.address), tmp_path / "essai")
    assert [entry.name for entry in read_catalogue(store)] == [ours.name, theirs.name]


def test_files_are_downloaded_once_when_the_list_asks(tmp_path: Path, store: Store) -> None:
    town = replace(territory(tmp_path, "ville"), fetched=True)
    (task,) = tasks([town], store.address)
    listed = tmp_path / "ville" / "data" / "raw" / "manifeste.json"
    work_on(replace(task, online=False), store, tmp_path / "essai")
    assert not listed.exists()
    work_on(task, store, tmp_path / "essai")
    assert listed.exists()
