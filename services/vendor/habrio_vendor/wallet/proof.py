"""What the vendor's ledger has to agree with: payouts and returns say what is held, paid and given back."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Text, cast, literal, select
from sqlalchemy.orm import Session

from habrio_shared import ledger
from habrio_vendor.payouts.models import Payout
from habrio_vendor.payouts.rules import SETTLED
from habrio_vendor.returns.models import VendorReturn
from habrio_vendor.wallet.models import BANK, DUE_FROM_CONSUMER, PAYOUT_HOLD


def problems(session: Session) -> Iterator[ledger.Problem]:
    """Each payout that is not over holds its amount and no other holds anything; the bank got what was paid; each
    return gave back its refund. In the session's snapshot, so at any time."""
    payout = literal("payout:").concat(cast(Payout.id, Text))
    order = literal("order:").concat(cast(VendorReturn.order_id, Text))
    held = select(payout, Payout.amount_paise).where(Payout.status.not_in(SETTLED))
    paid = select(payout, Payout.amount_paise).where(Payout.status == "paid")
    given_back = select(order, VendorReturn.refund_paise)
    yield from ledger.unmatched(session, PAYOUT_HOLD, held, check="held otherwise than its payout says")
    yield from ledger.unmatched(session, BANK, paid, check="paid otherwise than its payout says")
    yield from ledger.unmatched(
        session, DUE_FROM_CONSUMER, given_back, check="given back otherwise than its returns say", kind="refund"
    )
