"""What an order does to its customer's money; each step an entry that can be posted once (DESIGN.md §5)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from habrio_consumer.orders.models import Order
from habrio_consumer.wallet.models import DUE_TO_VENDORS, ESCROW, wallet
from habrio_shared import ledger
from habrio_shared.contracts.orders import DELIVERED


def hold(session: Session, order: Order) -> None:
    """wallet → escrow, when the order is placed. InsufficientFunds."""
    _post(session, order, "hold", ledger.moves((wallet(order.user_id), ESCROW, order.total_paise)))


def release(session: Session, order: Order) -> None:
    """escrow → wallet, when the order is refused, rejected or cancelled; nothing for a cash order."""
    if order.payment_mode == "wallet":
        moves = ledger.moves((ESCROW, wallet(order.user_id), order.total_paise))
        _post(session, order, "release", moves, resolves=f"hold:{order.id}")


def capture(session: Session, order: Order) -> None:
    """escrow → due to vendors, with the first word that the order was delivered; nothing for a cash order."""
    if order.payment_mode == "wallet":
        moves = ledger.moves((ESCROW, DUE_TO_VENDORS, order.total_paise))
        _post(session, order, "capture", moves, resolves=f"hold:{order.id}")


def captured_paise(order: Order) -> int:
    """What the vendor is owed for this order: its amount once a wallet order is delivered."""
    return order.total_paise if order.payment_mode == "wallet" and order.status in DELIVERED else 0


def _post(
    session: Session, order: Order, kind: str, postings: tuple[ledger.Posting, ...], resolves: str | None = None
) -> None:
    entry = ledger.Entry(
        id=f"{kind}:{order.id}", kind=kind, postings=postings, resolves=resolves, reference=f"order:{order.id}"
    )
    ledger.post(session, entry)
