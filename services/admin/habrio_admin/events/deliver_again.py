"""A message that keeps failing is delivered again at once, whichever service it waits in."""

from __future__ import annotations

from habrio_admin.acts.act import act, act_here, new_id
from habrio_admin.acts.schemas import Acted
from habrio_shared.contracts.acts import REPLAY_OF_CONSUMER, REPLAY_OF_VENDOR, ReplayEvent
from habrio_shared.errors import NotFound
from habrio_shared.events import replay
from habrio_shared.identity import Caller

REPLAYS = {"consumer": REPLAY_OF_CONSUMER, "vendor": REPLAY_OF_VENDOR}
DONE = "The event is being delivered again"


def deliver_again(caller: Caller, service: str, event_id: int) -> tuple[Acted, int]:
    """As `act`: BadRequest for one that is delivered already, NotFound, ActUnfinished."""
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
