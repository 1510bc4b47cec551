"""Frozen results to JSON values and back, so that a product can hold them."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

T = TypeVar("T")


def to_json(value: object) -> Any:  # noqa: ANN401 - JSON values have no narrower type
    """Return the JSON form (dicts, lists, text, numbers) of a frozen dataclass."""
    return _adapter(cast("Any", type(value))).dump_python(value, mode="json")


def from_json(kind: type[T], value: object) -> T:
    """Return the `kind` written by `to_json`; raises pydantic's ValidationError on other values."""
    read: T = _adapter(cast("Any", kind)).validate_python(value)
    return read


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:  # noqa: ANN401 - a class or a generic alias
    """Return the reader and writer of a type, made once: it takes milliseconds."""
    return TypeAdapter(kind)
