"""/consumer/wallet: the caller's own money."""

from __future__ import annotations

from habrio_consumer.wallet import queries
from habrio_consumer.wallet.errors import PaymentDeclined, PaymentsNotConfigured, WalletNotYours
from habrio_consumer.wallet.load import load
from habrio_consumer.wallet.rules import source, transaction_type
from habrio_consumer.wallet.schemas import BalanceOut, HistoryOut, LoadedOut, LoadIn, Transaction
from habrio_shared.api import ApiBlueprint
from habrio_shared.identity import Caller, role_required
from habrio_shared.ledger import Movement
from habrio_shared.schemas import Message, PagedQuery, next_cursor

bp = ApiBlueprint("wallet")


@bp.get("/consumer/wallet")
@role_required("consumer")
def balance(caller: Caller) -> BalanceOut:
    """What your wallet holds."""
    return BalanceOut(balance=queries.balance_paise(caller.user_id))


@bp.get("/consumer/wallet/history")
@role_required("consumer")
def history(query: PagedQuery, caller: Caller) -> HistoryOut:
    """How your wallet came to hold it, newest first."""
    found = queries.movements(caller.user_id, limit=query.size + 1, before_id=query.cursor)
    return HistoryOut(
        transactions=[_render(movement, caller.phone) for movement in found[: query.size]],
        next_cursor=next_cursor([movement.id for movement in found], query.size),
    )


@bp.post(
    "/consumer/wallet/load",
    errors=(PaymentsNotConfigured, PaymentDeclined),
    idempotent=True,
    may_end_later=True,
)
@role_required("consumer")
def load_wallet(body: LoadIn, caller: Caller) -> tuple[LoadedOut, int]:
    """Load money into your wallet.

    202 when the payment provider does not say whether it took the money: it is asked until it does.
    """
    return load(caller.user_id, body.amount, body.reference)


@bp.post("/consumer/wallet/refund", errors=(WalletNotYours,))
@bp.post("/consumer/wallet/debit", errors=(WalletNotYours,))
@role_required("consumer")
def refuse() -> Message:
    """Always refused: nobody moves wallet money by hand."""
    raise WalletNotYours


def _render(movement: Movement, phone: str) -> Transaction:
    return Transaction(
        id=movement.id,
        user_phone=phone,
        amount=abs(movement.delta_paise),
        type=transaction_type(movement.kind, movement.delta_paise),
        reference=movement.reference,
        source=source(movement.kind),
        created_at=movement.created_at,
    )
