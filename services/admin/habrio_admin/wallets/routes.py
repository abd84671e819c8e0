"""/admin/wallets."""

from __future__ import annotations

from habrio_admin.acts.act import act, new_id
from habrio_admin.acts.errors import ActUnfinished
from habrio_admin.acts.schemas import Acted
from habrio_admin.clients import auth, consumer, vendor
from habrio_admin.wallets.errors import WalletNotFound
from habrio_admin.wallets.schemas import AdjustIn, Owner
from habrio_shared.api import ApiBlueprint
from habrio_shared.contracts.acts import ADJUST_CONSUMER, ADJUST_VENDOR, Adjustment
from habrio_shared.errors import BadRequest, NotFound, Unavailable
from habrio_shared.identity import Caller, role_required

bp = ApiBlueprint("wallets")

ADJUSTMENTS = {"consumer": ADJUST_CONSUMER, "vendor": ADJUST_VENDOR}


def _has_wallet(owner: Owner, user_id: int) -> bool:
    """Consumers' wallets come to be with their first entry, so who is a consumer only auth can say; and whoever was
    given another role may have money there still."""
    if auth.user(user_id).role == owner:
        return True
    if owner == "vendor":
        return vendor.vendor(user_id) is not None
    known = consumer.customer(user_id)
    return bool(known.balance_paise or known.orders)


@bp.post(
    "/admin/wallets/adjust",
    errors=(BadRequest, WalletNotFound, NotFound, Unavailable, ActUnfinished),
    idempotent=True,
    may_end_later=True,
)
@role_required("admin")
def adjust(body: AdjustIn, caller: Caller) -> tuple[Acted, int]:
    """Give money to a wallet, or take some from it.

    Never below 0: 400. The entry stands in its owner's history, with the reason.
    """
    if not _has_wallet(body.owner, body.user_id):
        raise WalletNotFound
    wanted = Adjustment(act_id=new_id(), user_id=body.user_id, amount_paise=body.amount, reason=body.reason)
    target = f"wallet:{body.owner}:{body.user_id}"
    return act(caller, ADJUSTMENTS[body.owner], wanted, target=target, done="The wallet has been adjusted")
