"""What the consumer's ledger has to agree with: orders, returns and payments say what is held, owed and loaded."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Text, cast, literal, select
from sqlalchemy.orm import Session

from habrio_consumer.orders.models import Order
from habrio_consumer.orders.rules import CANCELLABLE
from habrio_consumer.wallet.models import DUE_TO_VENDORS, ESCROW, WORLD, Payment
from habrio_shared import ledger
from habrio_shared.contracts.orders import DELIVERED


def problems(session: Session) -> Iterator[ledger.Problem]:
    """Each open wallet order holds what it costs and no other holds anything; each delivered one is owed to vendors,
    less its refunds; each credited payment was loaded. In the session's snapshot, so at any time."""
    reference = literal("order:").concat(cast(Order.id, Text))
    by_wallet = Order.payment_mode == "wallet"
    held = select(reference, Order.total_paise).where(by_wallet, Order.status.in_(CANCELLABLE))
    owed = select(reference, Order.total_paise - Order.refunded_paise).where(by_wallet, Order.status.in_(DELIVERED))
    loaded = select(Payment.reference, -Payment.amount_paise).where(Payment.status == "credited")
    yield from ledger.unmatched(session, ESCROW, held, check="held otherwise than its order says")
    yield from ledger.unmatched(session, DUE_TO_VENDORS, owed, check="owed otherwise than its order says")
    yield from ledger.unmatched(session, WORLD, loaded, check="loaded otherwise than its payment says")
