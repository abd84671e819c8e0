"""A vendor says where the money is to go."""

from __future__ import annotations

from sqlalchemy import update

from habrio_shared.database import db_now, insert_ignore, transaction
from habrio_vendor.payout_bank.models import PayoutBank
from habrio_vendor.payout_bank.rules import masked
from habrio_vendor.payout_bank.schemas import PayoutBankIn
from habrio_vendor.payout_bank.sealing import seal


def set_up(vendor_id: int, given: PayoutBankIn) -> str:
    """Keep the account in place of the one before; how it is shown from now on. Payouts asked for keep theirs."""
    row = {
        "bank_name": given.bank_name,
        "account_sealed": seal(given.account_number),
        "account_masked": masked(given.account_number),
        "ifsc_code": given.ifsc_code,
    }
    with transaction() as session:
        if not insert_ignore(session, PayoutBank, {**row, "vendor_id": vendor_id}):
            change = update(PayoutBank).where(PayoutBank.vendor_id == vendor_id)
            session.execute(change.values(**row, updated_at=db_now()))
    return row["account_masked"]
