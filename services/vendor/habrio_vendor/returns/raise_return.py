"""A consumer raises a return; the row's lock decides, and the order stays where it is until the vendor accepts."""

from __future__ import annotations

from sqlalchemy.orm import Session

from habrio_shared.contracts.returns import RaiseReturn, ReturnDecided
from habrio_vendor.orders.queries import locked
from habrio_vendor.returns.record import add_return, fault_of


def raise_as_consumer(session: Session, wanted: RaiseReturn) -> ReturnDecided:
    """A new return, or why not. A wish that has its return already is answered by how the order stands."""
    order = locked(session, wanted.order_id)
    if order is None:
        raise RuntimeError(f"order {wanted.order_id} has no row, so nobody can have delivered it")
    if all(known.wish_id != wanted.wish_id for known in order.returns):
        fault = fault_of(order, wanted.lines)
        if fault is not None:
            return ReturnDecided(state=order.state(), fault=fault)
        add_return(
            session,
            order,
            wanted.lines,
            status="raised",
            by="consumer",
            reason=wanted.reason,
            wish_id=wanted.wish_id,
        )
    return ReturnDecided(state=order.state())
