"""An administrator gives a vendor's wallet money, or takes some from it."""

from __future__ import annotations

from habrio_shared import ledger
from habrio_shared.contracts.wallets import AdjustWallet
from habrio_shared.database import transaction
from habrio_vendor.profile.errors import ProfileNotFound
from habrio_vendor.profile.models import Profile
from habrio_vendor.wallet.errors import AdjustmentReused
from habrio_vendor.wallet.models import ADJUSTMENTS, wallet
from habrio_vendor.wallet.rules import ADJUST
from habrio_vendor.wallet.schemas import AdjustedOut


def adjust(given: AdjustWallet) -> AdjustedOut:
    """Post the adjustment once, however often it is asked for; the reason stays with it, where the vendor reads it.

    ProfileNotFound when nobody is a vendor under this id, ledger.InsufficientFunds when the wallet holds less than is
    to be taken, AdjustmentReused when the id stands for another adjustment.
    """
    theirs = wallet(given.user_id)
    src, dst = (ADJUSTMENTS, theirs) if given.amount_paise > 0 else (theirs, ADJUSTMENTS)
    entry = ledger.Entry(
        id=f"adjust:{given.id}",
        kind=ADJUST,
        postings=ledger.moves((src, dst, abs(given.amount_paise))),
        reference=given.reason,
    )
    with transaction() as session:
        if session.get(Profile, given.user_id) is None:
            raise ProfileNotFound
        try:
            ledger.post(session, entry)
        except ledger.LedgerConflict as conflict:
            raise AdjustmentReused from conflict
        return AdjustedOut(user_id=given.user_id, balance_paise=ledger.balance(session, theirs))
