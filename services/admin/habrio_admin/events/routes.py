"""/admin/events: messages between services that keep failing."""

from __future__ import annotations

from habrio_admin.acts.errors import ActUnfinished
from habrio_admin.acts.schemas import Acted
from habrio_admin.events.deliver_again import deliver_again
from habrio_admin.events.list_failing import list_failing
from habrio_admin.events.schemas import FailingOut, FailingQuery
from habrio_shared.api import ApiBlueprint
from habrio_shared.errors import BadRequest, Unavailable
from habrio_shared.events import EventNotFound
from habrio_shared.identity import Caller, role_required

bp = ApiBlueprint("events")


@bp.get("/admin/events/failing", errors=(Unavailable,))
@role_required("admin")
def failing(query: FailingQuery) -> FailingOut:
    """Messages between services that keep failing, newest first."""
    events, next_cursor = list_failing(query)
    return FailingOut(events=events, next_cursor=next_cursor)


@bp.post(
    "/admin/events/<service>/<id:event_id>/replay",
    errors=(BadRequest, EventNotFound, ActUnfinished),
    idempotent=True,
    may_end_later=True,
)
@role_required("admin")
def replay_event(service: str, event_id: int, caller: Caller) -> tuple[Acted, int]:
    """Have a message delivered again at once.

    400 for one that is delivered already; a service that sends no messages has none: 404.
    """
    return deliver_again(caller, service, event_id)
