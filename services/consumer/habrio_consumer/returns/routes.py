"""/consumer/orders/<id>/return: something is to go back."""

from __future__ import annotations

from habrio_consumer.orders.errors import NotYourOrder, OrderNotFound
from habrio_consumer.returns.errors import ReturnRefused
from habrio_consumer.returns.raise_return import raise_return
from habrio_consumer.returns.schemas import Raised, RaiseIn
from habrio_shared.api import ApiBlueprint
from habrio_shared.identity import Caller, role_required

bp = ApiBlueprint("returns")


@bp.post(
    "/consumer/orders/<id:order_id>/return/raise",
    errors=(OrderNotFound, NotYourOrder, ReturnRefused),
    idempotent=True,
    may_end_later=True,
)
@role_required("consumer")
def raise_one(order_id: int, body: RaiseIn, caller: Caller) -> tuple[Raised, int]:
    """Ask the shop to take pieces of a delivered order back.

    202 when the shop's word is not known within 3 seconds: it is asked until it answers.
    """
    return raise_return(caller.user_id, order_id, body)
