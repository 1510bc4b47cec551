"""What every command gives back: a JSON value, the same in French lines, and its exit code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from territory.endings import DONE

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command says: a JSON value, the same in French lines, and its exit code."""

    value: Any
    lines: Sequence[str]
    code: int = DONE
