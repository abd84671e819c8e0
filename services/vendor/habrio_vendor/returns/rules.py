"""How a return moves on, and what completing it gives back (DESIGN.md §5, "return completed")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from habrio_shared.contracts.orders import ReturnStatus
from habrio_vendor.wallet.rules import commission_paise

STATUSES: tuple[ReturnStatus, ...] = get_args(ReturnStatus)

MOVES: Mapping[ReturnStatus, frozenset[ReturnStatus]] = {
    "raised": frozenset({"accepted", "rejected"}),
    "accepted": frozenset({"completed"}),
}
"""Where a vendor may move a return from where; one that the vendor initiates begins as accepted."""


@dataclass(frozen=True, slots=True)
class Refund:
    """What a completed return takes from the vendor's wallet and from the commission; together the consumer's money."""

    wallet_paise: int
    commission_paise: int


def refund_of(charged_paise: int, before_paise: int, now_paise: int, basis_points: int) -> Refund:
    """The refund of goods for `now_paise`, of an order for `charged_paise` of which `before_paise` went back earlier.

    What the platform keeps is at any time the commission on what was not returned. So the parts of a full return give
    back together exactly what was taken, in whatever steps it comes, and neither part is ever negative.
    """
    kept_before_paise = commission_paise(charged_paise - before_paise, basis_points)
    kept_after_paise = commission_paise(charged_paise - before_paise - now_paise, basis_points)
    from_commission_paise = kept_before_paise - kept_after_paise
    return Refund(now_paise - from_commission_paise, from_commission_paise)
