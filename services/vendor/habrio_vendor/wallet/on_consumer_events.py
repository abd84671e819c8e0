"""The consumer service's receipt for a move: it says how much of the customer's money is the vendor's now."""

from __future__ import annotations

from sqlalchemy.orm import Session

from habrio_shared import outbox
from habrio_shared.contracts.orders import DELIVERED, MOVED, MoveApplied, VendorOrderState
from habrio_vendor.wallet.settle import settle


@outbox.on_reply(MOVED)
def on_moved(session: Session, told: VendorOrderState, receipt: MoveApplied) -> None:
    if told.status in DELIVERED and receipt.captured_paise:
        settle(session, told.order_id, receipt.captured_paise)
