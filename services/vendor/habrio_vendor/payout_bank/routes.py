"""/vendor/payout: where the caller's own money goes."""

from __future__ import annotations

from habrio_shared.api import ApiBlueprint
from habrio_shared.identity import Caller, role_required
from habrio_vendor.payout_bank.schemas import PayoutBankData, PayoutBankIn, PayoutBankSaved
from habrio_vendor.payout_bank.set_up import set_up

bp = ApiBlueprint("payout_bank")


@bp.post("/vendor/payout/setup")
@role_required("vendor")
def save(body: PayoutBankIn, caller: Caller) -> PayoutBankSaved:
    """Say which bank account your money is to go to.

    It replaces the one before. From now on the account number is shown by its last four digits only.
    """
    shown = set_up(caller.user_id, body)
    return PayoutBankSaved(
        message="Your bank account has been saved",
        data=PayoutBankData(bank_name=body.bank_name, account_number=shown, ifsc_code=body.ifsc_code),
    )
