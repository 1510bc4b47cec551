"""How sure a share of counted people, or of scenarios, is: Wilson's interval."""

from __future__ import annotations

import math

Z = 1.959963984540054  # 97.5 % of a normal law


def wilson(part: float, whole: float, z: float = Z) -> tuple[float, float]:
    """
    Return the limits, 0-1, of the share part / whole at 95 % (Wilson 1927).

    (0, 1) when nobody is counted: nothing is known then.
    """
    if whole <= 0:
        return 0.0, 1.0
    share = min(max(part / whole, 0.0), 1.0)
    middle = share + z * z / (2 * whole)
    half = z * math.sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
    below = 1 + z * z / whole
    return max((middle - half) / below, 0.0), min((middle + half) / below, 1.0)
