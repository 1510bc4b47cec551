"""The names of the files of an outing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from territory.model.week_results import Session


def file_name(session: Session) -> str:
    """Return a name no other outing of the week can have: nobody is in two places at once."""
    start = f"{session.start_min // 60:02d}h{session.start_min % 60:02d}"
    who = file_part("-".join(session.agents))
    return f"{session.on.isoformat()}_{session.half_day}_{start}_{who}"


def file_part(text: str) -> str:
    """Return a text as a part of a file name: letters, digits, « - » and « _ »."""
    return re.sub(r"[^\w-]", "_", text)
