"""The memory of a process between two territories: what is kept for all, what is given back."""

from __future__ import annotations

import ctypes
import gc
import sys
from functools import cache
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Callable


def settle() -> None:
    """Keep what is loaded now for as long as the process lives: it is not searched for waste."""
    gc.collect()
    gc.freeze()


def release() -> None:
    """
    Give back what nothing holds any more: Python's cycles, Arrow's pool, fragments of malloc.

    The last exists with the C library of most Linux systems alone; elsewhere it is left out.
    """
    gc.collect()
    pa.default_memory_pool().release_unused()
    _trim()(0)


@cache
def _trim() -> Callable[[int], int]:
    """Return `malloc_trim` of this process, or what does nothing where there is none."""
    if not sys.platform.startswith("linux"):
        return int
    trim: Callable[[int], int] | None = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return trim or int  # musl has none
