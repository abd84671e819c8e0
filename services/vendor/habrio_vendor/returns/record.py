"""What every change of a return has in common; each is a part of some verb's transaction, under the order's lock."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from habrio_shared.contracts.orders import Actor, ReturnLine, ReturnStatus
from habrio_shared.contracts.returns import ReturnFault, fault_of_return
from habrio_vendor.orders.models import VendorOrder
from habrio_vendor.returns.errors import IllegalReturnMove
from habrio_vendor.returns.models import VendorReturn, VendorReturnLine
from habrio_vendor.returns.rules import MOVES


def fault_of(order: VendorOrder, wanted: Sequence[ReturnLine]) -> ReturnFault | None:
    """Why these pieces of the locked order may not come back; None if they may."""
    returns = [known.state() for known in order.returns]
    return fault_of_return(order.status, order.quantities, returns, wanted)


def add_return(
    session: Session,
    order: VendorOrder,
    wanted: Sequence[ReturnLine],
    *,
    status: ReturnStatus,
    by: Actor,
    reason: str,
    wish_id: int | None = None,
) -> VendorReturn:
    """A new return of the locked order, of pieces in which there is no fault."""
    new = VendorReturn(
        order_id=order.order_id,
        number=len(order.returns) + 1,
        status=status,
        by=by,
        reason=reason,
        wish_id=wish_id,
        lines=[VendorReturnLine(item_id=line.item_id, quantity=line.quantity) for line in wanted],
    )
    order.returns.append(new)
    order.returns_version += 1
    session.flush()
    return new


def move_return(order: VendorOrder, to: ReturnStatus) -> VendorReturn:
    """The locked order's last return, moved on; an open one is always the last. IllegalReturnMove."""
    last = order.returns[-1] if order.returns else None
    if last is None or to not in MOVES.get(last.status, ()):
        raise IllegalReturnMove(order.status, last.status if last else None, to)
    last.status = to
    order.returns_version += 1
    return last
