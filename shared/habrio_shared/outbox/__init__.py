"""Messages to other services: promised with the change they tell of, delivered until answered (DESIGN.md §6)."""

from habrio_shared.outbox.deliver import ALARMING_ATTEMPTS, deliver
from habrio_shared.outbox.put import KeyTaken, RowId, left_to_relay, put
from habrio_shared.outbox.queries import Backlog, Waiting, backlog, failing, in_flight, purge, retry_now
from habrio_shared.outbox.relay import Relay
from habrio_shared.outbox.replies import do_nothing, on_reply
from habrio_shared.outbox.tables import metadata
from habrio_shared.outbox.transport import HttpTransport, Transport, Undelivered

__all__ = [
    "ALARMING_ATTEMPTS",
    "Backlog",
    "HttpTransport",
    "KeyTaken",
    "Relay",
    "RowId",
    "Transport",
    "Undelivered",
    "Waiting",
    "backlog",
    "deliver",
    "do_nothing",
    "failing",
    "in_flight",
    "left_to_relay",
    "metadata",
    "on_reply",
    "purge",
    "put",
    "retry_now",
]
