"""What several reports tell together: a count less one of another report may be a few people."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from territory.analysis.disclosure import K_PUBLIC, Additive, hidden_besides
from territory.analysis.report.hiding import Nodes, counted_nodes, with_ratios

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from territory.model.report import Figures
    from territory.settings.report import Profile

_ALL = 2**64


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """
    Figures of one span that are printed, or to be: those of `printed` that are not `hidden`.

    `was` are those printed with another value than the log gives now, by name: it was corrected.
    """

    profile: Profile
    figures: Figures
    hidden: frozenset[str]
    printed: frozenset[str]
    was: Mapping[str, int] = field(default_factory=dict)

    def shows(self, name: str) -> bool:
        """Whether a figure can be read."""
        return name in self.printed and name not in self.hidden


@dataclass(frozen=True, slots=True, eq=False)
class _Sets:
    """The nodes that count lines: their sets, sums of hashes, in which faces; who holds whom."""

    lines: Mapping[int, frozenset[object]]
    hashes: Mapping[int, int]
    faces: Mapping[int, frozenset[int]]
    inside: Mapping[int, tuple[int, ...]]


def hidden_beside(
    out: Sequence[Face], new: Sequence[Face], *, k: int = K_PUBLIC
) -> tuple[frozenset[str], ...]:
    """
    Return the names to hide in each of `new`, with those it hides, beside the faces already `out`.

    All are counted in the same log as it is now. Counts of the same lines are one count in
    whichever report; a count less others of its lines, of shorter spans or cut otherwise, must not
    be 1 to k - 1 people, nor give back what is hidden. What `out` gives alone cannot be taken back.
    """
    nodes, faces = Nodes(), (*out, *new)
    told = [counted_nodes(face.profile, face.figures, nodes) for face in faces]
    sets = _sets(nodes, told)
    for number, face in enumerate(faces):
        _tie_unions(nodes, sets, number, _splits(face, told[number]), k)
    for node in sorted(sets.inside):
        _tie_parts(nodes, sets, node, k)
    olds = [at for face, node in zip(faces, told, strict=True) for at in _olds(face, node, nodes)]
    cells = Additive(np.array(nodes.counts, dtype=np.int64), tuple(dict.fromkeys(nodes.sums)))
    public = _read(len(cells.counts), out, told[: len(out)])
    public[olds] = True
    free = _read(len(cells.counts), new, told[len(out) :]) & ~public & (cells.counts > 0)
    free &= ~_read(len(cells.counts), faces, told, shown=False) & (cells.counts >= k)
    mask = ~public & ~free & (cells.counts > 0)
    mask = hidden_besides(cells, mask, free, k=k)
    return tuple(
        face.hidden
        | with_ratios(
            face.profile,
            {name for name, at in node.items() if mask[at] and name in face.printed},
            face.figures.table,
        )
        for face, node in zip(new, told[len(out) :], strict=True)
    )  # fmt: skip


def _read(
    size: int, faces: Sequence[Face], told: Sequence[Mapping[str, int]], *, shown: bool = True
) -> NDArray[np.bool_]:
    """Return which nodes, bool [size], one of `faces` shows or (not `shown`) hides."""
    found = np.zeros(size, dtype=bool)
    for face, node in zip(faces, told, strict=True):
        for name, at in node.items():
            if shown and name not in face.was:
                found[at] |= face.shows(name)
            elif not shown:
                found[at] |= name in face.hidden
    return found


def _olds(face: Face, node: Mapping[str, int], nodes: Nodes) -> Iterator[int]:
    """Yield the counts that were printed before a correction, tied to those of now."""
    for name, count in sorted(face.was.items()):
        if name not in node or not face.shows(name) or count == nodes.counts[node[name]]:
            continue
        old, now = nodes.more(count), node[name]
        less, more = sorted((old, now), key=lambda at: nodes.counts[at])
        nodes.sums.append((more, (less, nodes.more(nodes.counts[more] - nodes.counts[less]))))
        yield old


def _sets(nodes: Nodes, told: Sequence[Mapping[str, int]]) -> _Sets:
    """Return the nodes that count lines, and which of other faces lie wholly inside each."""
    lines = {at: kept for (kept, _), at in nodes.known.items() if kept}
    faces: dict[int, set[int]] = defaultdict(set)
    for number, node in enumerate(told):
        for at in node.values():
            faces[at].add(number)
    ids = {
        line: n for n, line in enumerate(sorted({str(x) for kept in lines.values() for x in kept}))
    }
    order = sorted(lines)
    rows = np.repeat(np.arange(len(order)), [len(lines[at]) for at in order])
    columns = [ids[str(line)] for at in order for line in lines[at]]
    member = sparse.csr_array((np.ones(len(rows), np.int32), (rows, columns)),
                              shape=(len(order), len(ids)))  # fmt: skip
    common = sparse.coo_array(member @ member.T)
    sizes = np.asarray(member.sum(axis=1)).ravel()
    inner = (common.data == sizes[common.col]) & (sizes[common.col] < sizes[common.row])
    inside: dict[int, list[int]] = defaultdict(list)
    for row, column in zip(common.row[inner], common.col[inner], strict=True):
        whole, part = order[row], order[column]
        if faces[whole].isdisjoint(faces[part]):  # else one report judges them alone
            inside[whole].append(part)
    hashes = {at: _hash(lines[at]) for at in order}
    return _Sets(lines, hashes, {at: frozenset(faces[at]) for at in order},
                 {at: tuple(sorted(parts)) for at, parts in inside.items()})  # fmt: skip


def _hash(lines: frozenset[object]) -> int:
    """Return a number of a set of lines, such that those of parts of it add up."""
    digests = (blake2b(str(line).encode(), digest_size=8).digest() for line in lines)
    return sum(int.from_bytes(digest) for digest in digests) % _ALL


def _tie_parts(nodes: Nodes, sets: _Sets, whole: int, k: int) -> None:
    """Tie a count to each one inside it, and to the largest of each face that lie apart."""
    known = {number: at for at, number in sets.hashes.items()}
    largest: dict[int, int] = {}
    for part in sets.inside[whole]:
        _tie(nodes, sets, whole, (part,), k, known)
        for face in sets.faces[part]:
            best = largest.get(face, part)
            largest[face] = max(best, part, key=lambda at: (len(sets.lines[at]), -at))
    apart: list[int] = []
    for part in sorted(set(largest.values()), key=lambda at: (-len(sets.lines[at]), at)):
        if all(sets.lines[part].isdisjoint(sets.lines[other]) for other in apart):
            apart.append(part)
    if len(apart) > 1:
        _tie(nodes, sets, whole, tuple(apart), k, known)


def _splits(face: Face, node: Mapping[str, int]) -> set[tuple[int, ...]]:
    """Return the parts of each split of a face, as nodes."""
    return {tuple(node[p] for p in parts if p in node) for _, parts in face.figures.sums}


def _tie_unions(nodes: Nodes, sets: _Sets, face: int, splits: set[tuple[int, ...]], k: int) -> None:
    """Tie the counts of other faces to the parts of a split of `face` that lie inside each."""
    known = {number: at for at, number in sets.hashes.items()}
    for whole, parts in sorted(sets.inside.items()):
        held = set(parts)
        for split in sorted(splits):
            inside = tuple(at for at in split if at in held)
            if len(inside) > 1 and face not in sets.faces[whole]:
                _tie(nodes, sets, whole, inside, k, known)


def _tie(
    nodes: Nodes,
    sets: _Sets,
    whole: int,
    parts: tuple[int, ...],
    k: int,
    known: Mapping[int, int],
) -> None:
    """Say what is left of a count once `parts` are taken off, if it is small or another count."""
    rest = nodes.counts[whole] - sum(nodes.counts[at] for at in parts)
    left = (sets.hashes[whole] - sum(sets.hashes[at] for at in parts)) % _ALL
    if rest < 0 or not (rest < k or left in known):
        return
    same = known.get(left)
    if same is None or nodes.counts[same] != rest:
        lines = sets.lines[whole].difference(*(sets.lines[at] for at in parts))
        same = nodes.of(lines, rest)
    nodes.sums.append((whole, (*parts, same)))
