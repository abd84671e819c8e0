"""A return is completed: the goods are in stock again, and a wallet order's money leaves the vendor's wallet."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from habrio_shared import ledger
from habrio_shared.schemas import Message
from habrio_vendor.items import stock
from habrio_vendor.orders.models import VendorOrder
from habrio_vendor.orders.move import move_as_vendor
from habrio_vendor.returns.errors import NotSettled, TooLittleMoney
from habrio_vendor.returns.models import VendorReturn
from habrio_vendor.returns.record import move_return
from habrio_vendor.returns.rules import refund_of
from habrio_vendor.shops.models import Shop
from habrio_vendor.wallet.models import COMMISSION, DUE_FROM_CONSUMER, wallet
from habrio_vendor.wallet.settle import is_settled


def complete_return(vendor_id: int, order_id: int) -> Message:
    """return_accepted → return_completed. The consumer is refunded when that is told.

    OrderNotFound, NotYourOrder, IllegalMove; NotSettled and TooLittleMoney, after which nothing has changed.
    """
    return move_as_vendor(
        vendor_id,
        order_id,
        "return_completed",
        effect=_take_back,
        render=lambda _order: Message(message="The return has been completed"),
    )


def _take_back(session: Session, order: VendorOrder) -> None:
    completed = move_return(order, "completed")
    stock.bring_back(session, completed.quantities, order_id=order.order_id)
    if order.payment_mode == "wallet":
        _refund(session, order, completed)


def _refund(session: Session, order: VendorOrder, completed: VendorReturn) -> None:
    """vendor wallet → due to the consumer, commission → due to the consumer, at the prices that were charged."""
    if not is_settled(session, order.order_id):
        raise NotSettled
    prices_paise = {line.item_id: line.unit_price_paise for line in order.lines}
    refund_paise = sum(line.quantity * prices_paise[line.item_id] for line in completed.lines)
    refund = refund_of(order.total_paise, order.refunded_paise, refund_paise, order.commission_basis_points)
    vendor_id = session.execute(select(Shop.vendor_id).where(Shop.id == order.shop_id)).scalar_one()
    entry = ledger.Entry(
        id=f"refund:{order.order_id}:{completed.number}",
        kind="refund",
        postings=ledger.moves(
            (wallet(vendor_id), DUE_FROM_CONSUMER, refund.wallet_paise),
            (COMMISSION, DUE_FROM_CONSUMER, refund.commission_paise),
        ),
        reference=f"order:{order.order_id}",
    )
    try:
        ledger.post(session, entry)
    except ledger.InsufficientFunds as error:
        raise TooLittleMoney from error
    completed.refund_paise = refund_paise
