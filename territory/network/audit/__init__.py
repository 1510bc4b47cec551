"""What the walking network is worth: its figures at once, its faults when asked."""

from __future__ import annotations

from territory.network.audit.figures import Audit, audit, describe
from territory.network.audit.whole import NetworkAudit, audit_network

__all__ = ["Audit", "NetworkAudit", "audit", "audit_network", "describe"]
