"""A vendor asks for money: it leaves the wallet, and is on its way."""

from __future__ import annotations

import secrets

from habrio_shared import idempotency, ledger
from habrio_shared.database import transaction
from habrio_shared.nudge import nudge
from habrio_vendor.clients.payout_provider import provider
from habrio_vendor.payout_bank.queries import bank_of
from habrio_vendor.payout_bank.sealing import seal
from habrio_vendor.payouts.errors import NoPayoutBank
from habrio_vendor.payouts.models import Payout
from habrio_vendor.payouts.schemas import Withdrawn
from habrio_vendor.wallet.models import PAYOUT_HOLD, wallet
from habrio_vendor.wallet.rules import WITHDRAW

SEND_TASK = "vendor.send_payouts"
KEY_BYTES = 16


def withdraw(vendor_id: int, amount_paise: int) -> Withdrawn:
    """Put the amount on hold for a payout to the vendor's bank as it is now; a worker sends it.

    PayoutsNotConfigured, NoPayoutBank, or ledger.InsufficientFunds, and nothing changes.
    """
    with transaction() as session:
        idempotency.claim(session)
        provider()
        bank = bank_of(session, vendor_id)
        if bank is None:
            raise NoPayoutBank
        payout = Payout(
            vendor_id=vendor_id,
            amount_paise=amount_paise,
            bank_name=bank.bank_name,
            ifsc_code=bank.ifsc_code,
            account_masked=bank.masked,
            account_sealed=seal(bank.account_number),
            key=secrets.token_hex(KEY_BYTES),
        )
        session.add(payout)
        session.flush()
        entry = ledger.Entry(
            id=f"withdraw:{payout.id}",
            kind=WITHDRAW,
            postings=ledger.moves((wallet(vendor_id), PAYOUT_HOLD, amount_paise)),
            reference=f"payout:{payout.id}",
        )
        ledger.post(session, entry)
        answer = Withdrawn(
            message="The money is on its way to your bank",
            payout_id=payout.id,
            bank_account=bank.masked,
            balance=ledger.balance(session, wallet(vendor_id)),
        )
        idempotency.remember(session, answer)
    nudge(SEND_TASK)
    return answer
