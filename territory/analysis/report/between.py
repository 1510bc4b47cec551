"""What several reports tell together: a count less one of another report may be a few people."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.disclosure import K_PUBLIC, Additive, hidden_besides
from territory.analysis.report.hiding import Nodes, counted_nodes, with_ratios

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from territory.model.report import Figures
    from territory.settings.report import Profile


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
    """
    The nodes that count lines: these as bits of a number, in which faces each is, who holds whom.

    `at` is the node of some lines, of the rests too.
    """

    bits: Mapping[int, int]
    faces: Mapping[int, frozenset[int]]
    inside: Mapping[int, tuple[int, ...]]
    at: dict[int, int]


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
    for face, node in zip(faces, told, strict=True):
        _tie_unions(nodes, sets, face, node, k)
    for whole in sets.inside:
        _tie_parts(nodes, sets, whole, k)
    olds = [at for face, node in zip(faces, told, strict=True) for at in _olds(face, node, nodes)]
    cells = Additive(np.array(nodes.counts, dtype=np.int64), tuple(dict.fromkeys(nodes.sums)))
    public = _read(len(cells.counts), out, told[: len(out)])
    public[olds] = True
    public &= (cells.counts == 0) | (cells.counts >= k)  # a part that is new since was in no report
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
    lines_of = {at: lines for (lines, _), at in sorted(nodes.known.items(), key=_second) if lines}
    every = frozenset[object]().union(*lines_of.values())
    place = {line: at for at, line in enumerate(every)}  # no answer depends on this order
    bits = {at: _bits([*map(place.__getitem__, own)], len(every)) for at, own in lines_of.items()}
    faces: dict[int, set[int]] = defaultdict(set)
    for number, node in enumerate(told):
        for at in node.values():
            faces[at].add(number)
    inside = {whole: tuple(_inside(lines_of, whole, faces)) for whole in lines_of}
    known = {few: at for at, few in bits.items()}
    return _Sets(bits, {at: frozenset(faces[at]) for at in bits}, inside, known)


def _second(known: tuple[object, int]) -> int:
    return known[1]


def _inside(
    lines_of: Mapping[int, frozenset[object]], whole: int, faces: Mapping[int, set[int]]
) -> Iterator[int]:
    """Yield the nodes of other faces that count some of the lines of `whole`, not all."""
    mine, own = lines_of[whole], faces[whole]
    for part, lines in lines_of.items():
        fewer = len(lines) < len(mine) and own.isdisjoint(faces[part])
        if fewer and next(iter(lines)) in mine and lines <= mine:  # one line tells most apart
            yield part


def _bits(places: list[int], size: int) -> int:
    flags = np.zeros(size, dtype=bool)
    flags[places] = True
    return int.from_bytes(np.packbits(flags).tobytes())


def _tie_parts(nodes: Nodes, sets: _Sets, whole: int, k: int) -> None:
    """Tie a count to each one inside it, and to the largest of each face that lie apart."""
    largest: dict[int, int] = {}
    for part in sets.inside[whole]:
        _tie(nodes, sets, whole, (part,), k)
        for face in sets.faces[part]:
            both = largest.get(face, part), part
            largest[face] = max(both, key=lambda at: (sets.bits[at].bit_count(), -at))
    apart: list[int] = []
    for part in sorted(set(largest.values()), key=lambda at: (-sets.bits[at].bit_count(), at)):
        if not any(sets.bits[part] & sets.bits[other] for other in apart):
            apart.append(part)
    if len(apart) > 1:
        _tie(nodes, sets, whole, tuple(apart), k)


def _tie_unions(nodes: Nodes, sets: _Sets, face: Face, node: Mapping[str, int], k: int) -> None:
    """Tie the counts of other faces to the parts of each split of `face` that lie inside them."""
    splits = {tuple(node[p] for p in parts if p in node) for _, parts in face.figures.sums}
    for whole, parts in sets.inside.items():
        held = set(parts)
        for split in sorted(splits):
            inside = tuple(at for at in split if at in held)
            if len(inside) > 1:
                _tie(nodes, sets, whole, inside, k)


def _tie(nodes: Nodes, sets: _Sets, whole: int, parts: tuple[int, ...], k: int) -> None:
    """Say what is left of a count once `parts` are taken off, if it is small or another count."""
    rest = nodes.counts[whole] - sum(nodes.counts[at] for at in parts)
    left = sets.bits[whole]
    for at in parts:
        left &= ~sets.bits[at]
    if rest < 0 or not (rest < k or left in sets.at):
        return
    if left not in sets.at or nodes.counts[sets.at[left]] != rest:
        sets.at[left] = nodes.more(rest)
    nodes.sums.append((whole, (*parts, sets.at[left])))
