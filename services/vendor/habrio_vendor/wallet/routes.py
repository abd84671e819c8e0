"""/vendor/wallet: the caller's own money; and its adjustment by an administrator."""

from __future__ import annotations

from habrio_shared.api import ApiBlueprint
from habrio_shared.identity import Caller, role_required
from habrio_shared.schemas import Message, PagedQuery, next_cursor
from habrio_vendor.wallet import queries
from habrio_vendor.wallet.errors import WalletNotYours
from habrio_vendor.wallet.rules import transaction_status, transaction_type
from habrio_vendor.wallet.schemas import BalanceOut, HistoryOut, Transaction

bp = ApiBlueprint("wallet")


@bp.get("/vendor/wallet")
@role_required("vendor")
def balance(caller: Caller) -> BalanceOut:
    """What your wallet holds."""
    return BalanceOut(balance=queries.balance_paise(caller.user_id))


@bp.get("/vendor/wallet/history")
@role_required("vendor")
def history(query: PagedQuery, caller: Caller) -> HistoryOut:
    """How your wallet came to hold it, newest first."""
    found = queries.movements(caller.user_id, limit=query.size + 1, before_id=query.cursor)
    return HistoryOut(
        transactions=[_render(known, caller.phone) for known in found[: query.size]],
        next_cursor=next_cursor([known.movement.id for known in found], query.size),
    )


@bp.post("/vendor/wallet/credit", errors=(WalletNotYours,))
@bp.post("/vendor/wallet/debit", errors=(WalletNotYours,))
@role_required("vendor")
def refuse() -> Message:
    """Always refused: nobody moves wallet money by hand."""
    raise WalletNotYours


def _render(known: queries.Known, phone: str) -> Transaction:
    movement = known.movement
    return Transaction(
        id=movement.id,
        user_phone=phone,
        amount=abs(movement.delta_paise),
        type=transaction_type(movement.kind, movement.delta_paise),
        reference=movement.reference,
        status=transaction_status(movement.kind, known.resolved_by),
        created_at=movement.created_at,
    )
