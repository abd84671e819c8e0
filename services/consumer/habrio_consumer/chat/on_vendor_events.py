"""What the shop says in a conversation."""

from __future__ import annotations

from sqlalchemy.orm import Session

from habrio_consumer.chat.note import note
from habrio_shared import inbox, outbox
from habrio_shared.contracts.chat import SAID_BY_CONSUMER, SAID_BY_VENDOR, Said
from habrio_shared.contracts.users import Noted

outbox.on_reply(SAID_BY_CONSUMER)(outbox.do_nothing)


@inbox.on(SAID_BY_VENDOR)
def on_said(session: Session, said: Said) -> Noted:
    note(session, said, "vendor")
    return Noted()
