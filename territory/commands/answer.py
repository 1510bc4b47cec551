"""What every command gives back: a JSON value, the same in French lines, and its exit code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from territory.endings import DONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.model.issues import ReadReport


@dataclass(frozen=True, slots=True)
class Answer:
    """
    What a command says: a JSON value, the same in French lines, and its exit code.

    `reports` are the readings it rests on, for the audit log.
    """

    value: Any
    lines: Sequence[str]
    code: int = DONE
    reports: Sequence[ReadReport] = ()
