"""Which figures of a report may not leave the team: small counts, and those that give them back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.disclosure import K_PUBLIC, Additive, hidden
from territory.analysis.report.chosen import UNTOLD

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from territory.model.report import Figures, Guard
    from territory.settings.report import Profile


class Nodes:
    """Counts that are one and the same, whatever the figures that print them, and their sums."""

    def __init__(self) -> None:
        self.counts: list[int] = []
        self.sums: list[tuple[int, tuple[int, ...]]] = []
        self.known: dict[tuple[frozenset[object], int], int] = {}

    def of(self, lines: frozenset[object], count: int) -> int:
        """Return the node of these lines, a new one the first time."""
        key = lines, count
        if key not in self.known:
            self.known[key] = self.more(count)
        return self.known[key]

    def add_up(self, whole: int, parts: Iterable[int]) -> bool:
        """Whether parts have the count of their whole."""
        return self.counts[whole] == sum(self.counts[at] for at in parts)

    def more(self, count: int) -> int:
        """Return a new node."""
        self.counts.append(count)
        return len(self.counts) - 1


def hidden_figures(profile: Profile, figures: Figures, *, k: int = K_PUBLIC) -> frozenset[str]:
    """
    Return the names of the figures to hide outside: counts of 1 to k - 1 people, then others.

    A name of `base_name` says that what shares are out of is hidden, so the shares too.

    Figures that count the same lines are one count, wherever they are printed; parts add up to
    their whole, and a share to its whole with a rest that nobody prints. What would give a small
    count back by adding and subtracting is hidden too (analysis.disclosure), with the ratios and
    the computed figures made from what is hidden. Raises WrongUsage when `k` is below 5.
    """
    nodes = Nodes()
    node = counted_nodes(profile, figures, nodes)
    cells = Additive(np.array(nodes.counts, dtype=np.int64), tuple(dict.fromkeys(nodes.sums)))
    mask = hidden(cells, k=k) if len(nodes.counts) else np.zeros(0, dtype=bool)
    return with_ratios(profile, {name for name, at in node.items() if mask[at]}, figures.table)


def counted_nodes(profile: Profile, figures: Figures, nodes: Nodes) -> dict[str, int]:
    """
    Add the counts of people of one report to `nodes`, and what ties them; return those of figures.

    Names of `base_name` are what shares are out of.
    """
    table = figures.table
    people = table.index[table["people"].fillna(value=False) & table["value"].notna()]
    sets = {name: frozenset(figures.lines[name].tolist()) for name in people}
    node = {name: nodes.of(sets[name], int(table.loc[name, "value"])) for name in people}
    for whole, parts in figures.sums:
        if whole in node:
            nodes.sums.append((node[whole], tuple(node[p] for p in parts if p in node)))
    bases = _tie_bases(figures, nodes, node)
    _tie_shares(profile, nodes, node)
    _tie_unions(figures, nodes, node, sets)
    _tie_inside(profile, nodes, node, sets)
    return node | bases


def tellable(guards: Iterable[Guard], hidden_names: frozenset[str]) -> tuple[Guard, ...]:
    """Return the guards that may leave the team: their sentences hold numbers of their figures."""
    untold = {name.split("/")[0].removesuffix("#") for name in hidden_names}
    return tuple(g for g in guards if not untold & {name.split("/")[0] for name in g.figures})


def base_name(code: str) -> str:
    """Return the name of what the shares of a figure are out of."""
    return f"{code}#"


def _tie_bases(figures: Figures, nodes: Nodes, node: Mapping[str, int]) -> dict[str, int]:
    """Add what shares are out of: the whole less it is what was left apart."""
    found = {}
    for whole, parts in figures.sums:
        inside = tuple(node[p] for p in figures.bases.get(whole, ()) if p in node)
        if whole not in node or not inside:
            continue
        base = nodes.more(sum(nodes.counts[at] for at in inside))
        apart = tuple(node[p] for p in parts if p in node and node[p] not in inside)
        nodes.sums += [(base, inside), (node[whole], (base, *apart))]
        found[base_name(whole)] = base
    return found


def _tie_shares(profile: Profile, nodes: Nodes, node: Mapping[str, int]) -> None:
    """Add the rest of each share of a whole: whoever reads both knows it by subtraction."""
    for counting in profile.countings:
        whole, part = node.get(counting.part_of), node.get(counting.code)
        if whole is None or part is None:
            continue
        rest = nodes.counts[whole] - nodes.counts[part]
        if rest >= 0:
            nodes.sums.append((whole, (part, nodes.more(rest))))


def _tie_unions(
    figures: Figures,
    nodes: Nodes,
    node: Mapping[str, int],
    sets: Mapping[str, frozenset[object]],
) -> None:
    """Add the counts that are, line for line, some of the parts of another one."""
    lines_of = {node[name]: lines for name, lines in sets.items() if lines}
    unions = sorted({
        (node[whole], tuple(node[p] for p in parts if sets.get(p)))
        for whole, parts in figures.sums if whole in node
    })  # fmt: skip
    for at, lines in lines_of.items():
        for whole, parts in unions:
            if at == whole or at in parts:
                continue
            inside = tuple(p for p in parts if lines_of[p] <= lines)
            lined = sum(len(lines_of[p]) for p in inside) == len(lines)
            # the same lines may count fewer people: those referred, when that is told
            if len(inside) > 1 and lined and nodes.add_up(at, inside):
                nodes.sums.append((at, inside))


def _tie_inside(
    profile: Profile,
    nodes: Nodes,
    node: Mapping[str, int],
    sets: Mapping[str, frozenset[object]],
) -> None:
    """Add what is left of a figure once computed ones, of some of its lines, are taken off."""
    codes = {counting.code for counting in profile.countings if counting.counted == "calcule"}
    computed = [name for name in sets if name.split("/")[0] in codes and sets[name]]
    for name, lines in sets.items():
        others = [n for n in sets if "/" not in n and sets[n]] if name in computed else computed
        inside = [other for other in others if sets[other] < lines]
        apart: list[str] = []
        for other in inside:
            if all(sets[other].isdisjoint(sets[n]) for n in apart):
                apart.append(other)
        for group in dict.fromkeys([*((other,) for other in inside), tuple(apart)]):
            parts = tuple(dict.fromkeys(node[other] for other in group))
            rest = nodes.counts[node[name]] - sum(nodes.counts[at] for at in parts)
            if parts and rest >= 0:
                nodes.sums.append((node[name], (*parts, nodes.more(rest))))


def with_ratios(profile: Profile, found: set[str], table: pd.DataFrame) -> frozenset[str]:
    """Return the figures hidden, the ratios made with one of them, and what rests on one."""
    names: dict[str, list[tuple[str, str]]] = {}
    for name, code, part in table[["definition", "part"]].itertuples():
        names.setdefault(code, []).append((str(name), str(part)))
    hid = set(found)
    for counting in profile.countings:
        if counting.ratio and hid & set(counting.ratio):
            hid.add(counting.code)
        for rested in counting.rests_on:
            ours = names.get(counting.code, [])
            hid |= {name for name, part in ours if _told_by(hid, rested, part)}
    return frozenset(hid)


def _told_by(hid: set[str], rested: str, part: str) -> bool:
    """
    Whether a part computed from the figure `rested` would tell one that is hidden.

    A share of the whole gives the whole back to who knows the part, so what is left untold too; the
    whole gives back each part that is hidden.
    """
    if not part:
        return any(name.split("/")[0].removesuffix("#") == rested for name in hid)
    rests = {rested, base_name(rested), f"{rested}/{UNTOLD}", f"{rested}/{part}"}
    return bool(hid & rests)
