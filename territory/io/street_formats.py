"""The forms in which OpenStreetMap ways arrive, told by content, never by the file's name."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import osmium

from territory.errors import UnreadableFile
from territory.io.street_json import is_highway_line, overpass_lines, drawn_lines

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray
