"""Money is loaded into a wallet: a payment, and the entry that credits it."""

from __future__ import annotations

from habrio_consumer.wallet.models import WORLD, wallet
from habrio_consumer.wallet.provider import provider
from habrio_consumer.wallet.schemas import LoadedOut
from habrio_shared import idempotency, ledger
from habrio_shared.database import transaction


def load(user_id: int, amount_paise: int, reference: str) -> LoadedOut:
    """Charge the provider and credit the wallet. PaymentsNotConfigured."""
    charging = provider()
    with transaction() as session:
        idempotency.claim(session)
        payment = charging.charge(user_id, amount_paise)
        entry = ledger.Entry(
            id=f"topup:{payment.id}",
            kind="topup",
            postings=ledger.moves((WORLD, wallet(user_id), amount_paise)),
            reference=reference or f"payment:{payment.id}",
        )
        ledger.post(session, entry)
        answer = LoadedOut(message="Your wallet has been loaded", balance=ledger.balance(session, wallet(user_id)))
        idempotency.remember(session, answer)
    return answer
