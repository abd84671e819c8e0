"""/vendor/wallet/withdraw, /vendor/payouts, and every payout for administrators."""

from __future__ import annotations

from habrio_shared.api import ApiBlueprint
from habrio_shared.contracts.payouts import PAYOUTS_PATH
from habrio_shared.identity import Caller, internal_only, role_required
from habrio_shared.ledger import InsufficientFunds
from habrio_shared.schemas import PagedQuery, next_cursor
from habrio_vendor.payouts import queries
from habrio_vendor.payouts.errors import NoPayoutBank, PayoutsNotConfigured
from habrio_vendor.payouts.models import Payout
from habrio_vendor.payouts.schemas import (
    AllPayoutsOut,
    AllPayoutsQuery,
    PayoutData,
    PayoutsOut,
    SummaryData,
    WithdrawIn,
    Withdrawn,
)
from habrio_vendor.payouts.withdraw import withdraw

bp = ApiBlueprint("payouts")


@bp.post("/vendor/wallet/withdraw", errors=(NoPayoutBank, InsufficientFunds, PayoutsNotConfigured), idempotent=True)
@role_required("vendor")
def withdraw_money(body: WithdrawIn, caller: Caller) -> Withdrawn:
    """Send money from your wallet to your bank.

    It goes to the bank account that you have set up by now. A payout that fails comes back to the wallet.
    """
    return withdraw(caller.user_id, body.amount)


@bp.get("/vendor/payouts")
@role_required("vendor")
def my_payouts(query: PagedQuery, caller: Caller) -> PayoutsOut:
    """What you have withdrawn, and whether it is at your bank, newest first."""
    found = queries.page_of_payouts(limit=query.size + 1, before_id=query.cursor, vendor_id=caller.user_id)
    return PayoutsOut(
        payouts=[_mine(payout) for payout in found[: query.size]],
        next_cursor=next_cursor([payout.id for payout in found], query.size),
    )


@bp.get(PAYOUTS_PATH)
@internal_only("admin")
def all_payouts(query: AllPayoutsQuery) -> AllPayoutsOut:
    """Everybody's payouts, newest first."""
    found = queries.page_of_payouts(
        limit=query.size + 1, before_id=query.cursor, vendor_id=query.vendor_id, status=query.status
    )
    return AllPayoutsOut(
        payouts=[_summary(payout) for payout in found[: query.size]],
        next_cursor=next_cursor([payout.id for payout in found], query.size),
    )


def _mine(payout: Payout) -> PayoutData:
    return PayoutData(
        id=payout.id,
        amount=payout.amount_paise,
        status=payout.status,
        bank_name=payout.bank_name,
        bank_account=payout.account_masked,
        ifsc_code=payout.ifsc_code,
        reference=payout.provider_reference,
        reason=payout.reason,
        created_at=payout.created_at,
        sent_at=payout.sent_at,
        settled_at=payout.settled_at,
    )


def _summary(payout: Payout) -> SummaryData:
    return SummaryData(
        id=payout.id,
        vendor_id=payout.vendor_id,
        amount_paise=payout.amount_paise,
        status=payout.status,
        bank_name=payout.bank_name,
        bank_account=payout.account_masked,
        ifsc_code=payout.ifsc_code,
        provider=payout.provider,
        provider_reference=payout.provider_reference,
        reason=payout.reason,
        attempts=payout.attempts,
        last_error=payout.last_error,
        created_at=payout.created_at,
        sent_at=payout.sent_at,
        settled_at=payout.settled_at,
    )
