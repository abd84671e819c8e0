"""Payouts on the wire."""

from __future__ import annotations

from pydantic import BaseModel, Field

from habrio_shared.contracts.payouts import PayoutStatus, PayoutSummary
from habrio_shared.money import Rupees, RupeesOut
from habrio_shared.schemas import Answer, Body, Id, Instant, PagedQuery


class WithdrawIn(Body):
    amount: Rupees = Field(examples=[250])


class Withdrawn(Answer):
    """`bank_account` is masked; `balance` is what the wallet holds now."""

    message: str
    payout_id: int
    bank_account: str
    balance: RupeesOut


class PayoutData(BaseModel):
    """`reference` is the bank's, once it is paid; `reason` is why it failed: the money is back in the wallet then."""

    id: int
    amount: RupeesOut
    status: PayoutStatus
    bank_name: str
    bank_account: str
    ifsc_code: str
    reference: str
    reason: str
    created_at: Instant
    sent_at: Instant | None
    settled_at: Instant | None


class PayoutsOut(Answer):
    payouts: list[PayoutData]
    next_cursor: int | None


class AllPayoutsQuery(PagedQuery):
    status: PayoutStatus | None = None
    vendor_id: Id | None = None


class SummaryData(PayoutSummary):
    created_at: Instant
    sent_at: Instant | None
    settled_at: Instant | None


class AllPayoutsOut(Answer):
    payouts: list[SummaryData]
    next_cursor: int | None
