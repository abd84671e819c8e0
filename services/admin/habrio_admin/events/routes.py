"""/admin/events: messages between services that keep failing."""

from __future__ import annotations

from habrio_admin.acts.act import act, act_here, new_id
from habrio_admin.acts.errors import ActUnfinished
from habrio_admin.acts.schemas import Acted
from habrio_admin.events.list_failing import list_failing
from habrio_admin.events.schemas import FailingOut, FailingQuery
from habrio_shared.api import ApiBlueprint
from habrio_shared.contracts.acts import REPLAY_OF_CONSUMER, REPLAY_OF_VENDOR, ReplayEvent
from habrio_shared.errors import BadRequest, NotFound, Unavailable
from habrio_shared.events import EventNotFound, replay
from habrio_shared.identity import Caller, role_required

bp = ApiBlueprint("events")

REPLAYS = {"consumer": REPLAY_OF_CONSUMER, "vendor": REPLAY_OF_VENDOR}
DONE = "The event is being delivered again"


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
    target = f"event:{service}:{event_id}"
    if service == "admin":
        return act_here(
            caller,
            "replay_of_admin",
            lambda session: replay(session, event_id),
            target=target,
            given={"event_id": event_id},
            done=DONE,
        )
    if service not in REPLAYS:
        raise NotFound
    wanted = ReplayEvent(act_id=new_id(), event_id=event_id)
    return act(caller, REPLAYS[service], wanted, target=target, done=DONE)
