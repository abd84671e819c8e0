"""A payout's life: asked for, handed to a provider, and at the bank or back in the wallet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from habrio_shared.contracts.payouts import PayoutStatus

STATUSES: tuple[PayoutStatus, ...] = get_args(PayoutStatus)

MOVES: Mapping[PayoutStatus, frozenset[PayoutStatus]] = {
    "requested": frozenset({"sent"}),
    "sent": frozenset({"paid", "failed"}),
    "paid": frozenset(),
    "failed": frozenset(),
}
"""Nothing is paid or failed that was not marked as sent before, and nothing leaves either of them again."""

SETTLED: frozenset[PayoutStatus] = frozenset(status for status, onward in MOVES.items() if not onward)
"""How a payout may end."""

WORDS_LENGTH_MAX = 200


def may_move(status: PayoutStatus, to: PayoutStatus) -> bool:
    """Whether a payout may go from `status` to `to`."""
    return to in MOVES[status]


def readable(words: str) -> str:
    """What a provider says, as it can be kept and shown: at most 200 characters, none of them invisible."""
    return "".join(character for character in words if character.isprintable())[:WORDS_LENGTH_MAX].strip()
