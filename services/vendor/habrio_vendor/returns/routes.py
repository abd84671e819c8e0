"""/vendor/orders/<id>/return: what comes back of a delivered order."""

from __future__ import annotations

from habrio_shared.api import ApiBlueprint
from habrio_shared.contracts.orders import ReturnLine
from habrio_shared.identity import Caller, role_required
from habrio_shared.schemas import Message
from habrio_vendor.orders.errors import IllegalMove, NotYourOrder, OrderNotFound
from habrio_vendor.returns.accept import accept_return
from habrio_vendor.returns.complete import complete_return
from habrio_vendor.returns.errors import BadReturn, IllegalReturnMove, NotSettled, TooLittleMoney
from habrio_vendor.returns.initiate import initiate_return
from habrio_vendor.returns.reject import reject_return
from habrio_vendor.returns.schemas import InitiateIn
from habrio_vendor.shops.errors import ShopNotFound
from habrio_vendor.shops.queries import has_shop

bp = ApiBlueprint("returns")

ERRORS = (ShopNotFound, OrderNotFound, NotYourOrder, IllegalMove)
MOVE_ERRORS = (*ERRORS, IllegalReturnMove)


@bp.post("/vendor/orders/<id:order_id>/return/accept", errors=MOVE_ERRORS, idempotent=True, first=has_shop)
@role_required("vendor")
def accept(order_id: int, caller: Caller) -> Message:
    """Accept the return that the consumer has raised."""
    return accept_return(caller.user_id, order_id)


@bp.post("/vendor/orders/<id:order_id>/return/reject", errors=MOVE_ERRORS, idempotent=True, first=has_shop)
@role_required("vendor")
def reject(order_id: int, caller: Caller) -> Message:
    """Reject the return that the consumer has raised; the order stays as it is."""
    return reject_return(caller.user_id, order_id)


@bp.post(
    "/vendor/orders/<id:order_id>/return/complete",
    errors=(*MOVE_ERRORS, NotSettled, TooLittleMoney),
    idempotent=True,
    first=has_shop,
)
@role_required("vendor")
def complete(order_id: int, caller: Caller) -> Message:
    """The goods are back: they are in stock again, and a wallet order's money goes back to its consumer.

    A cash order's money you give back yourself.
    """
    return complete_return(caller.user_id, order_id)


@bp.post("/vendor/orders/<id:order_id>/return/initiate", errors=(*ERRORS, BadReturn), idempotent=True, first=has_shop)
@role_required("vendor")
def initiate(order_id: int, body: InitiateIn, caller: Caller) -> Message:
    """Take pieces of a delivered order back without being asked; the return is accepted at once."""
    wanted = [ReturnLine(item_id=line.item_id, quantity=line.quantity) for line in body.items]
    return initiate_return(caller.user_id, order_id, wanted, body.reason)
