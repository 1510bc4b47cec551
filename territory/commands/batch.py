"""`territory batch`: many territories computed by several processes or machines, in one store."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from territory.batch.catalogue import CATALOGUE, DONE
from territory.batch.listing import read_list
from territory.batch.run import run
from territory.batch.scheduler import LOCAL, Crew, crew_of
from territory.batch.store import Store
from territory.batch.work import Task
from territory.commands.answer import Answer
from territory.commands.telling import telling
from territory.endings import DONE as ALL_DONE
from territory.endings import NO_ANSWER
from territory.errors import UnreadableFile
from territory.model.jsonable import to_json
from territory.model.results import Ending
from territory.outputs.french import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.batch.work import Outcome
    from territory.model.progress import ProgressReporter

_WORDS = {
    Ending.TIME_UP.value: "pas fini",
    Ending.IMPOSSIBLE.value: "impossible",
    Ending.FAILED.value: "échec",
    "absent": "absent",
}
_SHOWN = 40  # lines of territories that went well
_MIB, _MINUTE_S = 1 << 20, 60.0


# Scheduler, workers, memory of each in GiB, minutes for a territory, whether offline, whether also
# what only weeks rest on: as typed.
Means = tuple[str, int | None, float | None, float | None, bool, bool]


def batch(
    listing: str,
    store: str,
    means: Means,
    seed: int | None,
    progress: ProgressReporter | None = None,
) -> Answer:
    """
    Compute every territory of the list at `listing` into `store`; the answer tells how each ended.

    `progress` is told each territory that ends (None: this terminal). The code is NO_ANSWER as soon
    as one is not done: the others are written. Raises as `read_list` and `run`, WrongUsage when
    nothing reads the store, UnreadableFile for a list without a territory.
    """
    listed = read_list(listing)
    if not listed:
        raise UnreadableFile(f"La liste « {listing} » ne nomme aucun territoire.")
    scheduler, workers, memory_gib, minutes, offline, whole = means
    place = Store(store).address
    tasks = [Task(one, place, seed, minutes, not offline, whole) for one in listed]
    crew = crew_of(scheduler, workers, memory_gib)
    with telling(progress) as told:
        ran = run(tasks, crew, told)
    lines = [_crew_line(crew), *_table(ran.outcomes), _summary(ran.outcomes)]
    lines.append(_where(store) if ran.written else _NOT_WRITTEN)
    good = ran.written and all(outcome.state == DONE for outcome in ran.outcomes)
    value = {
        "territoires": [to_json(outcome) for outcome in ran.outcomes],
        "travailleurs": crew.workers,
        "memoire_octets": crew.memory_bytes if crew.address == LOCAL else None,
        "catalogue": CATALOGUE if ran.written else None,
    }
    return Answer(value, lines, ALL_DONE if good else NO_ANSWER)


_NOT_WRITTEN = (
    "Le catalogue n'a pas pu être écrit (place, droits, adresse ?) : l'ancien reste en place. "
    "Libérez de la place puis relancez la même commande : ce qui est fait est gardé."
)


def _crew_line(crew: Crew) -> str:
    if crew.address != LOCAL:
        return f"Travailleurs de {crew.address}."
    many = "s" if crew.workers > 1 else ""
    return (
        f"{crew.workers} travailleur{many} sur cette machine, {crew.threads} cœur(s) et "
        f"{number(crew.memory_bytes / _MIB, 0)} Mio de mémoire au plus chacun."
    )


def _table(outcomes: Sequence[Outcome]) -> list[str]:
    """Return one line a territory; when they are many, those not done only."""
    few = len(outcomes) <= _SHOWN
    rows = [_row(outcome) for outcome in outcomes if few or outcome.state != DONE]
    widths = [max(len(row[n]) for row in rows) for n in range(4)] if rows else []
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, [*widths, 0], strict=True)).rstrip()
        for row in rows
    ]


def _row(outcome: Outcome) -> tuple[str, str, str, str, str]:
    good = "fait" if outcome.fresh else "déjà à jour"
    word = good if outcome.state == DONE else _WORDS.get(outcome.ending, outcome.ending)
    cost = outcome.cost if outcome.fresh else {}
    seconds, peak = cost.get("seconds"), cost.get("peak_bytes")
    took = "" if seconds is None else f"{number(seconds, 1)} s"
    held = "" if peak is None else f"{number(peak / _MIB, 0)} Mio"
    return outcome.name, word, took, held, outcome.sentence


def _summary(outcomes: Sequence[Outcome]) -> str:
    counts: Counter[str] = Counter(_row(outcome)[1] for outcome in outcomes)
    parts = ", ".join(f"{count} {word}" for word, count in sorted(counts.items()))
    return f"{len(outcomes)} territoires : {parts}."


def _where(store: str) -> str:
    return f"Résultats et catalogue : {store}"
