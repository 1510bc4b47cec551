"""
Parts of one calculation shared with whoever has nothing to do, and waited for by nobody.

Its owner does the parts from the first on, helpers from the last back, until they meet. A part that
is not ready when its owner comes to it is done by the owner: a helper that is slow, busy or dead
costs no more than the part it holds. Parts are pure, so that one done twice is the same.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, TypeVar

Part = TypeVar("Part")
Found = TypeVar("Found")
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from contextlib import AbstractContextManager

    Do = Callable[[Part], Found]
    Ready = Callable[[int], Found | None]
    Offer = Callable[[Do[Part, Found], Sequence[Part]], AbstractContextManager[Ready[Found]]]

ROUND = 16  # parts held in memory at a time


def met_halfway(
    offer: Offer[Part, Found], do: Do[Part, Found], parts: Iterable[Part]
) -> Iterator[Found]:
    """
    Yield `do` of each of `parts`, in order, as `map` does; helpers may have done some.

    `offer` asks for help with parts as long as its block lasts, the last ones first, and yields
    what tells whether a part is ready: its result, or None. Raises what `do` raises here.
    """
    waiting = iter(parts)
    while some := list(islice(waiting, ROUND)):
        if len(some) == 1:
            yield do(some[0])
            continue
        with offer(do, some) as ready:
            for n, part in enumerate(some):
                found = ready(n)
                yield do(part) if found is None else found
