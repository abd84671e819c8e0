"""Messages from other services: each takes effect once, however often it comes (DESIGN.md §6)."""

from habrio_shared.inbox.receive import MessageIdReused, UnknownKind, afterwards, on, receive
from habrio_shared.inbox.routes import blueprint
from habrio_shared.inbox.tables import metadata

__all__ = ["MessageIdReused", "UnknownKind", "afterwards", "blueprint", "metadata", "on", "receive"]
