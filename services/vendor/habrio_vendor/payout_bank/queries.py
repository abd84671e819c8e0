"""Reading where a vendor's money goes."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from habrio_shared.database import reading
from habrio_vendor.payout_bank.models import PayoutBank
from habrio_vendor.settings import current_settings


@dataclass(frozen=True, slots=True)
class Bank:
    """A vendor's bank account. `account_number` is in clear, for who pays to it; `masked` is for everybody else."""

    bank_name: str
    account_number: str = field(repr=False)
    ifsc_code: str
    masked: str


def bank_of(session: Session, vendor_id: int) -> Bank | None:
    """The vendor's bank account as it is now, None before it was set up; NotOurSeal if its key is given no more."""
    row = session.scalars(select(PayoutBank).where(PayoutBank.vendor_id == vendor_id)).one_or_none()
    if row is None:
        return None
    number = current_settings().sealer.unseal(row.account_sealed)
    return Bank(row.bank_name, number, row.ifsc_code, row.account_masked)


def shown_bank_of(vendor_id: int) -> PayoutBank | None:
    """The same for showing: nothing is decrypted."""
    with reading() as session:
        return session.get(PayoutBank, vendor_id)
