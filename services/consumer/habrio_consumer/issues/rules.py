"""How many issues an order may have."""

from __future__ import annotations

ISSUES_MAX = 20
"""They are shown whole with the order."""
