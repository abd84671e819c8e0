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


def amend(session: Session, order: Order, change: int, total_paise: int) -> None:
    """escrow → wallet, only what the order has become cheaper by: it costs `total_paise` since its change number
    `change`. The entry is the open hold of the rest. Nothing for a cash order."""
    if order.payment_mode == "wallet":
        moves = ledger.moves((ESCROW, wallet(order.user_id), order.total_paise - total_paise))
        _post(session, order, "amend", moves, resolves=_open_hold(order), part=f":{change}")


def release(session: Session, order: Order) -> None:
    """escrow → wallet, when the order is refused, rejected or cancelled; nothing for a cash order."""
    if order.payment_mode == "wallet":
        moves = ledger.moves((ESCROW, wallet(order.user_id), order.total_paise))
        _post(session, order, "release", moves, resolves=_open_hold(order))


def capture(session: Session, order: Order) -> None:
    """escrow → due to vendors, with the first word that the order was delivered; nothing for a cash order."""
    if order.payment_mode == "wallet":
        moves = ledger.moves((ESCROW, DUE_TO_VENDORS, order.total_paise))
        _post(session, order, "capture", moves, resolves=_open_hold(order))


def refund(session: Session, order: Order, number: int, refund_paise: int) -> None:
    """due to vendors → wallet, for the completed return `number`; the vendor's ledger has given as much back."""
    moves = ledger.moves((DUE_TO_VENDORS, wallet(order.user_id), refund_paise))
    _post(session, order, "refund", moves, part=f":{number}")


def captured_paise(order: Order) -> int:
    """What the vendor is owed for this order: its amount once a wallet order is delivered."""
    return order.total_paise if order.payment_mode == "wallet" and order.status in DELIVERED else 0


def _open_hold(order: Order) -> str:
    """The entry by which the order's money is held now, not yet resolved by any other."""
    return f"amend:{order.id}:{order.changes}" if order.changes else f"hold:{order.id}"


def _post(
    session: Session,
    order: Order,
    kind: str,
    postings: tuple[ledger.Posting, ...],
    *,
    resolves: str | None = None,
    part: str = "",
) -> None:
    entry = ledger.Entry(
        id=f"{kind}:{order.id}{part}", kind=kind, postings=postings, resolves=resolves, reference=f"order:{order.id}"
    )
    ledger.post(session, entry)
