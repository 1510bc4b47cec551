"""Frozen results to JSON values and back, so that a product can hold them."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")


def to_json(value: object) -> Any:  # noqa: ANN401 - JSON values have no narrower type
    """Return the JSON form (dicts, lists, text, numbers) of a frozen dataclass."""
    return TypeAdapter(type(value)).dump_python(value, mode="json")


def from_json(kind: type[T], value: object) -> T:
    """Return the `kind` written by `to_json`; raises pydantic's ValidationError on other values."""
    return TypeAdapter(kind).validate_python(value)
