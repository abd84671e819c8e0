"""A payment that was written down is charged, outside any transaction, and credited once."""

from __future__ import annotations

import logging

from sqlalchemy.orm import Session

from habrio_consumer.wallet.errors import PaymentDeclined
from habrio_consumer.wallet.models import WORLD, Payment, wallet
from habrio_consumer.wallet.provider import PaymentProvider
from habrio_consumer.wallet.queries import locked_payment, payment_by_id
from habrio_consumer.wallet.schemas import LoadedOut
from habrio_shared import idempotency, ledger
from habrio_shared.database import db_now, reading, transaction
from habrio_shared.errors import Unavailable

log = logging.getLogger(__name__)

ACCEPTED = 202


def finish(payment_id: str, charging: PaymentProvider) -> tuple[LoadedOut, int]:
    """Go on with the payment from wherever it stands; any number of callers may, at once and again.

    200 once it is credited, 202 while nobody knows whether it was taken; PaymentDeclined.
    """
    payment = payment_by_id(payment_id)
    if payment.status == "requested":
        try:
            charging.charge(payment.id, payment.user_id, payment.amount_paise)
        except PaymentDeclined:
            _fail(payment_id)
        except Unavailable as error:
            log.warning("payment %s: nobody knows whether it was taken: %s", payment_id, error)
            with reading() as session:
                return under_way(session, payment), ACCEPTED
    with transaction() as session:
        payment = locked_payment(session, payment_id)
        if payment.status == "failed":
            raise PaymentDeclined
        _credit(session, payment)
        balance = ledger.balance(session, wallet(payment.user_id))
        answer = LoadedOut(message="Your wallet has been loaded", balance=balance, payment_id=payment_id)
        idempotency.remember(session, answer)
    return answer, 200


def under_way(session: Session, payment: Payment) -> LoadedOut:
    """The answer as long as the payment's fate is not known."""
    balance = ledger.balance(session, wallet(payment.user_id))
    return LoadedOut(message="Your payment is under way", balance=balance, payment_id=payment.id)


def _credit(session: Session, payment: Payment) -> None:
    if payment.status == "credited":
        return
    entry = ledger.Entry(
        id=f"topup:{payment.id}",
        kind="topup",
        postings=ledger.moves((WORLD, wallet(payment.user_id), payment.amount_paise)),
        reference=payment.reference,
    )
    ledger.post(session, entry)
    payment.status = "credited"
    payment.ended_at = db_now()
    session.flush()


def _fail(payment_id: str) -> None:
    """The payment is over, and its key free. What another caller was let credit meanwhile stays credited."""
    with transaction() as session:
        payment = locked_payment(session, payment_id)
        if payment.status == "failed":
            return
        if payment.status == "credited":
            log.error("payment %s: %s took it and then declined it", payment_id, payment.provider)
            return
        payment.status = "failed"
        payment.ended_at = db_now()
        session.flush()
        idempotency.forget(session, f"payment:{payment_id}")
