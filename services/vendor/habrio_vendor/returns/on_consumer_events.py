"""What the consumer service says about returns; the handler runs in the transaction that notes the message."""

from __future__ import annotations

from sqlalchemy.orm import Session

from habrio_shared import inbox
from habrio_shared.contracts.returns import RAISE_RETURN, RaiseReturn, ReturnDecided
from habrio_vendor.returns.raise_return import raise_as_consumer


@inbox.on(RAISE_RETURN)
def on_raise(session: Session, wanted: RaiseReturn) -> ReturnDecided:
    return raise_as_consumer(session, wanted)
