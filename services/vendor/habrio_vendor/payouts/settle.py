"""What the provider says of a payout takes effect: the hold goes to the bank or back to the wallet, once."""

from __future__ import annotations

import logging

from sqlalchemy.orm import Session

from habrio_shared import ledger
from habrio_shared.contracts.payouts import PayoutStatus
from habrio_shared.database import after, db_now, transaction
from habrio_vendor.clients.payout_provider import Outcome
from habrio_vendor.payouts.models import Payout
from habrio_vendor.payouts.queries import locked
from habrio_vendor.payouts.rules import SETTLED, may_move, readable
from habrio_vendor.wallet.models import BANK, PAYOUT_HOLD, wallet
from habrio_vendor.wallet.rules import PAYOUT_FAILED, PAYOUT_PAID

log = logging.getLogger(__name__)

PENDING_PAUSE_SECONDS = 30.0
"""So long after "pending" the provider is asked again."""


def settle(payout_id: int, outcome: Outcome) -> None:
    """Post what `outcome` means for the money; pending means: ask again. What is settled stays as it is."""
    with transaction() as session:
        payout = locked(session, payout_id)
        if payout.status in SETTLED:
            if payout.status != outcome.status:
                log.error("payout %s is %s here and %s at the provider", payout.id, payout.status, outcome.status)
        elif outcome.status == "pending":
            payout.attempts, payout.last_error = 0, None
            payout.next_try_at = after(PENDING_PAUSE_SECONDS)
        else:
            _move(session, payout, outcome)


def _move(session: Session, payout: Payout, outcome: Outcome) -> None:
    to: PayoutStatus = "paid" if outcome.status == "paid" else "failed"
    if not may_move(payout.status, to):
        raise RuntimeError(f"payout {payout.id} is {payout.status} and cannot become {to}")
    kind, target = (PAYOUT_PAID, BANK) if to == "paid" else (PAYOUT_FAILED, wallet(payout.vendor_id))
    entry = ledger.Entry(
        id=f"{kind}:{payout.id}",
        kind=kind,
        postings=ledger.moves((PAYOUT_HOLD, target, payout.amount_paise)),
        resolves=f"withdraw:{payout.id}",
        reference=f"payout:{payout.id}",
    )
    ledger.post(session, entry)
    payout.status = to
    payout.provider_reference, payout.reason = readable(outcome.reference), readable(outcome.reason)
    payout.settled_at = db_now()
    payout.last_error = None
