"""What the platform keeps of a delivered order."""

from __future__ import annotations

BASIS_POINTS = 10_000


def commission_paise(captured_paise: int, basis_points: int) -> int:
    """The commission on so many paise, rounded down to a whole paisa, in the vendor's favour."""
    return captured_paise * basis_points // BASIS_POINTS
