"""Payouts on the wire, as an administrator sees them."""

from __future__ import annotations

from pydantic import BaseModel

from habrio_shared.contracts.payouts import PayoutStatus
from habrio_shared.money import RupeesOut
from habrio_shared.schemas import Answer, Id, Instant, PagedQuery


class PayoutsQuery(PagedQuery):
    status: PayoutStatus | None = None
    vendor_id: Id | None = None


class PayoutData(BaseModel):
    """`bank_account` is masked; `attempts` are the tries since the provider answered last, `last_error` why the last
    one did not; `reason` is the provider's for a failed one."""

    id: int
    vendor_id: int
    amount: RupeesOut
    status: PayoutStatus
    bank_name: str
    bank_account: str
    ifsc_code: str
    provider: str | None
    provider_reference: str
    reason: str
    attempts: int
    last_error: str | None
    created_at: Instant
    sent_at: Instant | None
    settled_at: Instant | None


class PayoutsOut(Answer):
    payouts: list[PayoutData]
    next_cursor: int | None
