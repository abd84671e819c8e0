"""An administrator gives a vendor's wallet money, or takes some from it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from habrio_shared import ledger
from habrio_shared.contracts.acts import Adjustment
from habrio_vendor.profile.errors import ProfileNotFound
from habrio_vendor.profile.models import Profile
from habrio_vendor.wallet.models import ADJUSTMENTS, wallet
from habrio_vendor.wallet.rules import ADJUST


def adjust(session: Session, act: Adjustment) -> int:
    """The balance after it, in paise; the reason stays with the entry, where the vendor reads it.

    ProfileNotFound when nobody is a vendor under this id, ledger.InsufficientFunds when the wallet holds less than is
    to be taken.
    """
    if session.get(Profile, act.user_id) is None:
        raise ProfileNotFound
    theirs = wallet(act.user_id)
    src, dst = (ADJUSTMENTS, theirs) if act.amount_paise > 0 else (theirs, ADJUSTMENTS)
    entry = ledger.Entry(
        id=f"adjust:{act.act_id}",
        kind=ADJUST,
        postings=ledger.moves((src, dst, abs(act.amount_paise))),
        reference=act.reason,
    )
    ledger.post(session, entry)
    return ledger.balance(session, theirs)
