"""Payouts are handed to the provider: marked before, asked for after a doubt, never sent twice (ADR 0013)."""

from __future__ import annotations

import logging

from sqlalchemy import update

from habrio_shared import faults
from habrio_shared.database import after, db_now, transaction
from habrio_shared.outbox.deliver import ALARMING_ATTEMPTS, back_off_seconds
from habrio_vendor.clients.payout_provider import NoAnswer, Outcome, PayoutProvider, Transfer, provider
from habrio_vendor.payout_bank.sealing import unseal
from habrio_vendor.payouts.models import Payout
from habrio_vendor.payouts.queries import next_due
from habrio_vendor.payouts.settle import settle

log = logging.getLogger(__name__)

AT_ONCE_MAX = 50
"""So many a run, so that a worker's thread comes back to other tasks."""

LEASE_SECONDS = 60.0
"""Longer than a try can take: three requests of 12 s. A worker that dies leaves its payout to others after it."""

PAUSE_MAX_SECONDS = 300.0
ERROR_LENGTH_MAX = 500

AFTER_CALL = faults.declare("payouts.after_call")


def send_due() -> int:
    """Try every payout that is due, the longest due first, at most 50; how many the provider answered about.

    When nothing gets through to the provider the run ends: the others would fail too, and wait for the next one.
    PayoutsNotConfigured.
    """
    via = provider()
    answered = 0
    for _ in range(AT_ONCE_MAX):
        payout, is_new = _claim(via)
        if payout is None:
            break
        try:
            outcome = _hand_over(via, payout, is_new=is_new)
            settle(payout.id, outcome)
            answered += 1
        except NoAnswer as doubt:
            _postpone(payout, str(doubt))
            if doubt.is_away:
                break
        except Exception as error:  # the edge of one payout: a bug must not hold the others up
            log.warning("payout %s: the try was broken off", payout.id, exc_info=True)
            _postpone(payout, f"{type(error).__name__}: {error}")
    return answered


def _claim(via: PayoutProvider) -> tuple[Payout | None, bool]:
    """Lease the next payout, mark it as sent and count the try; and whether nobody can have sent it before."""
    with transaction() as session:
        payout = next_due(session)
        if payout is None:
            return None, False
        is_new = payout.status == "requested"
        if is_new:
            payout.status = "sent"
            payout.provider = via.name
            payout.sent_at = db_now()  # read back by the flush
        payout.attempts += 1
        payout.next_try_at = after(LEASE_SECONDS)
        session.flush()
    return payout, is_new


def _hand_over(via: PayoutProvider, payout: Payout, *, is_new: bool) -> Outcome:
    """Send it, unless the provider says that it has it already; who may have it is asked, and nobody else."""
    if payout.provider != via.name:
        raise NoAnswer(f"it was sent to {payout.provider}, and the provider is {via.name} now")
    transfer = Transfer(
        key=payout.key,
        amount_paise=payout.amount_paise,
        bank_name=payout.bank_name,
        account_number=unseal(payout.account_sealed),
        ifsc_code=payout.ifsc_code,
        reference=f"payout:{payout.id}",
    )
    outcome = None if is_new else via.ask(transfer)
    if outcome is None:
        outcome = via.send(transfer)
    faults.point(AFTER_CALL)
    return outcome


def _postpone(payout: Payout, reason: str) -> None:
    level = logging.ERROR if payout.attempts >= ALARMING_ATTEMPTS else logging.INFO
    log.log(level, "payout %s by %s: try %d failed: %s", payout.id, payout.provider, payout.attempts, reason)
    change = {
        "next_try_at": after(back_off_seconds(payout.attempts, PAUSE_MAX_SECONDS)),
        "last_error": reason[:ERROR_LENGTH_MAX],
    }
    with transaction() as session:
        session.execute(update(Payout).where(Payout.id == payout.id, Payout.settled_at.is_(None)).values(**change))
