"""How the small loops are compiled: to machine code, kept on disk, free of Python's lock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

from territory.network.hierarchy.joined import Joined, Plain

if TYPE_CHECKING:
    from collections.abc import Callable

# Arrays of the kernels: their dtypes are those compiled for, once.
Ints: TypeAlias = NDArray[np.int32]
Lists: TypeAlias = NDArray[np.int32]  # two axes
Longs: TypeAlias = NDArray[np.int64]
Reals: TypeAlias = NDArray[np.float64]
Marks: TypeAlias = NDArray[np.bool_]
Sides: TypeAlias = NDArray[np.int8]
Table: TypeAlias = NDArray[np.float32]
# No wrapper for Python, no counting of references, no machine code apart from that of the kernels:
# less to compile, calls that cost less. What is kept on disk is the kernels, that hold the rest.
ALONE = {
    "no_cfunc_wrapper": True,
    "no_cpython_wrapper": True,
    "_nrt": False,
    "pipeline_class": Joined,
}
F = TypeVar("F", bound="Callable[..., object]")


def kernel(function: F) -> F:
    """Return `function` compiled by numba at its first call, then read back from its cache."""
    return _compiled(function, cache=True, no_cfunc_wrapper=True, pipeline_class=Plain)


def inner(function: F) -> F:
    """
    Return `function` compiled for other kernels only: Python cannot call it.

    It makes no array of its own (a compilation fails that does); so does what is `pasted`.
    """
    return _compiled(function, **ALONE)


def pasted(function: F) -> F:
    """Return `function` copied into its callers: passing many arrays costs more than its work."""
    return _compiled(function, **ALONE, forceinline=True)


def _compiled(function: F, **options: Any) -> F:  # noqa: ANN401 - numba types only some of them
    compiled = numba.njit(nogil=True, error_model="numpy", **options)
    return cast("F", compiled(function))
