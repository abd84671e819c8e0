"""A vendor proposes a smaller order; it shows at once, and counts once its consumer has confirmed it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from habrio_vendor.orders.errors import BadChange
from habrio_vendor.orders.models import VendorOrder
from habrio_vendor.orders.move import move_as_vendor
from habrio_vendor.orders.rules import fault_of_change
from habrio_vendor.orders.schemas import Modified


def modify(vendor_id: int, order_id: int, wanted: Sequence[tuple[int, int]]) -> Modified:
    """pending, accepted or confirmed → awaiting_consumer_confirmation, with these (item id, pieces) as the proposal.

    The stock stays held as it was until the consumer answers. OrderNotFound, NotYourOrder, IllegalMove, BadChange.
    """

    def propose(_session: Session, order: VendorOrder) -> None:
        fault = fault_of_change({line.item_id: line.quantity for line in order.lines}, wanted)
        if fault is not None:
            raise BadChange(fault)
        proposed = dict(wanted)
        for line in order.lines:
            if proposed.get(line.item_id, line.quantity) != line.quantity:
                line.proposed_quantity = proposed[line.item_id]

    return move_as_vendor(
        vendor_id,
        order_id,
        "awaiting_consumer_confirmation",
        effect=propose,
        render=lambda order: Modified(
            message="The order has been changed; its consumer has to confirm", new_total=order.final_paise
        ),
    )
