"""A service's undelivered messages, for administrators: what keeps failing, and having it delivered again at once.

A service with an outbox has `blueprint` among its own; with this module its worker also takes the acts of replaying.
"""

from __future__ import annotations

from pydantic import AwareDatetime, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from habrio_shared import acts, outbox
from habrio_shared.api import ApiBlueprint
from habrio_shared.contracts.acts import REPLAY_OF_CONSUMER, REPLAY_OF_VENDOR, Facts, ReplayEvent
from habrio_shared.contracts.events import FAILING_PATH, EventSummary
from habrio_shared.database import reading
from habrio_shared.errors import BadRequest, NotFound
from habrio_shared.identity import internal_only
from habrio_shared.outbox.tables import outbox as rows
from habrio_shared.schemas import Answer, Instant, PagedQuery

blueprint = ApiBlueprint("events")


class EventNotFound(NotFound):
    word = "event_not_found"
    sentence = "There is no such event"


class EventDelivered(BadRequest):
    word = "event_delivered"
    sentence = "This event is delivered already"


class FailingQuery(PagedQuery):
    cap = 101
    """A page of the administrators' list, and the row that says that there is another."""

    tries: int = Field(default=outbox.ALARMING_ATTEMPTS, ge=1)
    before: AwareDatetime | None = None


class EventData(EventSummary):
    created_at: Instant
    next_try_at: Instant


class FailingOut(Answer):
    events: list[EventData]


@blueprint.get(FAILING_PATH)
@internal_only("admin")
def failing(query: FailingQuery) -> FailingOut:
    """Messages that keep failing, newest first."""
    with reading() as session:
        found = outbox.failing(session, limit=query.size, tries=query.tries, before=query.before)
    return FailingOut(events=[EventData.model_validate(event, from_attributes=True) for event in found])


def summaries(waiting: list[outbox.Waiting]) -> list[EventSummary]:
    """Undelivered messages as contracts show them."""
    return [EventSummary.model_validate(event, from_attributes=True) for event in waiting]


def replay(session: Session, event_id: int) -> acts.Change:
    """Make an undelivered message due at once; the relay delivers it. EventNotFound, EventDelivered."""
    row = session.execute(select(rows).where(rows.c.id == event_id).with_for_update()).one_or_none()
    if row is None:
        raise EventNotFound
    if not outbox.retry_now(session, event_id):
        raise EventDelivered
    facts: Facts = {"key": row.key, "attempts": row.attempts, "last_error": row.last_error}
    return acts.Change({**facts, "is_due": False}, {**facts, "is_due": True})


@acts.on(REPLAY_OF_CONSUMER)
@acts.on(REPLAY_OF_VENDOR)
def on_replay(session: Session, act: ReplayEvent) -> acts.Change:
    """EventNotFound, EventDelivered."""
    return replay(session, act.event_id)
