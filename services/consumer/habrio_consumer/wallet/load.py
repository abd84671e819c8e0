"""Money is loaded into a wallet: the payment is written down, then charged, then credited."""

from __future__ import annotations

import secrets

from habrio_consumer.wallet.finish import ACCEPTED, finish, under_way
from habrio_consumer.wallet.models import Payment
from habrio_consumer.wallet.provider import provider
from habrio_consumer.wallet.schemas import LoadedOut
from habrio_shared import idempotency
from habrio_shared.database import transaction


def load(user_id: int, amount_paise: int, reference: str) -> tuple[LoadedOut, int]:
    """200 with the new balance; 202 when the provider does not say whether it took the money: then it is asked again.

    PaymentsNotConfigured, PaymentDeclined. A repeat with the same key goes on with the same payment.
    """
    charging = provider()
    try:
        with transaction() as session:
            idempotency.claim(session)
            payment_id = secrets.token_hex(12)
            payment = Payment(
                id=payment_id,
                user_id=user_id,
                amount_paise=amount_paise,
                reference=reference or f"payment:{payment_id}",
                provider=charging.name,
            )
            session.add(payment)
            session.flush()
            idempotency.remember(session, under_way(session, payment), ACCEPTED, subject=f"payment:{payment_id}")
    except idempotency.Replayed as first:
        if first.status != ACCEPTED:
            raise
        payment_id = str(first.answer["payment_id"])
    return finish(payment_id, charging)
