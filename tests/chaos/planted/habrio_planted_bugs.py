"""The bugs: what each changes, module by module. Nothing of the product is imported before its own module is."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

Change = Callable[[ModuleType], None]


def without_inbox(receive: ModuleType) -> None:
    """A message is handled as often as it comes."""
    note = receive.insert_ignore

    def heedless(session: Any, table: Any, values: Any) -> bool:
        note(session, table, values)
        return True

    receive.insert_ignore = heedless  # type: ignore[attr-defined]  # that is what planting is


def without_tombstone(cancel: ModuleType) -> None:
    """An order that is cancelled before it arrives leaves nothing behind, and is placed when it does."""
    honest = cancel.cancel_as_consumer

    def forgetful(session: Any, wanted: Any) -> Any:
        if cancel.locked(session, wanted.order_id) is not None:
            return honest(session, wanted)
        nested = session.begin_nested()
        state = honest(session, wanted)
        nested.rollback()
        return state

    cancel.cancel_as_consumer = forgetful  # type: ignore[attr-defined]  # that is what planting is


def hold_by_itself(money: ModuleType) -> None:
    """The money is held in a transaction of its own, a moment before that of the order commits."""
    honest = money.hold

    def alone(session: Any, order: Any) -> None:
        with type(session)(session.get_bind().engine) as other, other.begin():
            honest(other, order)
        time.sleep(0.05)

    money.hold = alone  # type: ignore[attr-defined]  # that is what planting is


def with_cached_sessions(sessions: ModuleType) -> None:
    """The gateway remembers for 2 s who somebody is."""
    honest = sessions.PostgresSessions.find
    kept: dict[str, tuple[float, Any]] = {}

    def remembering(self: Any, session_id: str) -> Any:
        at, found = kept.get(session_id, (0.0, None))
        if time.monotonic() - at > 2 or found is None:
            found = honest(self, session_id)
            kept[session_id] = (time.monotonic(), found)
        return found

    sessions.PostgresSessions.find = remembering


CHANGES: dict[str, dict[str, Change]] = {
    "inbox": {"habrio_shared.inbox.receive": without_inbox},
    "tombstone": {"habrio_vendor.orders.cancel": without_tombstone},
    "two-transactions": {"habrio_consumer.orders.money": hold_by_itself},
    "role-cache": {"habrio_gateway.sessions": with_cached_sessions},
}
