"""/admin/payouts."""

from __future__ import annotations

from habrio_admin.clients import vendor
from habrio_admin.payouts.schemas import PayoutData, PayoutsOut, PayoutsQuery
from habrio_shared.api import ApiBlueprint
from habrio_shared.contracts.payouts import PayoutSummary
from habrio_shared.errors import Unavailable
from habrio_shared.identity import role_required

bp = ApiBlueprint("payouts")


@bp.get("/admin/payouts", errors=(Unavailable,))
@role_required("admin")
def payouts(query: PayoutsQuery) -> PayoutsOut:
    """What vendors have withdrawn, and whether it is at their banks, newest first."""
    page = vendor.payouts(limit=query.size, cursor=query.cursor, status=query.status, vendor_id=query.vendor_id)
    return PayoutsOut(payouts=[_data(payout) for payout in page.payouts], next_cursor=page.next_cursor)


def _data(payout: PayoutSummary) -> PayoutData:
    return PayoutData(**payout.model_dump(exclude={"amount_paise"}), amount=payout.amount_paise)
