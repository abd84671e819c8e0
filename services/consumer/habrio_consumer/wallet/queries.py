"""Reading a consumer's wallet and payments."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from habrio_consumer.wallet.models import Payment, wallet
from habrio_shared import ledger
from habrio_shared.database import after, reading, reading_columns

UNFINISHED_AFTER_SECONDS = 60.0
"""Longer than a request lives that is still at a payment itself."""

UNFINISHED_AT_ONCE = 100


def balance_paise(user_id: int) -> int:
    """What the wallet holds."""
    with reading_columns() as connection:
        return ledger.balance(connection, wallet(user_id))


def movements(user_id: int, *, limit: int, before_id: int | None) -> list[ledger.Movement]:
    """Up to `limit` movements of the wallet, newest first; older than `before_id`, if given."""
    with reading() as session:
        return ledger.history(session, wallet(user_id), limit=limit, before_id=before_id)


def payment_by_id(payment_id: str) -> Payment:
    """The payment as it is now; whoever asks has its id from its row."""
    with reading() as session:
        return session.get_one(Payment, payment_id)


def locked_payment(session: Session, payment_id: str) -> Payment:
    """The payment, locked until the transaction ends."""
    return session.get_one(Payment, payment_id, with_for_update=True)


def unfinished_payments(provider_name: str) -> list[str]:
    """Up to 100 payments that this provider was asked for more than a minute ago and whose end is not known."""
    long_ago = select(after(-UNFINISHED_AFTER_SECONDS)).scalar_subquery()
    query = (
        select(Payment.id)
        .where(Payment.status == "requested", Payment.requested_at < long_ago, Payment.provider == provider_name)
        .order_by(Payment.requested_at)
        .limit(UNFINISHED_AT_ONCE)
    )
    with reading() as session:
        return list(session.scalars(query))
