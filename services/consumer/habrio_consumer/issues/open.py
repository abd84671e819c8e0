"""A consumer says what is wrong with a delivered order."""

from __future__ import annotations

from sqlalchemy import select

from habrio_consumer.chat.note import note
from habrio_consumer.issues.errors import TooManyIssues
from habrio_consumer.issues.models import Issue
from habrio_consumer.issues.queries import number_of
from habrio_consumer.issues.rules import ISSUES_MAX
from habrio_consumer.issues.schemas import IssueIn, IssueMade
from habrio_consumer.orders.errors import NotDelivered
from habrio_consumer.orders.queries import locked_of_consumer
from habrio_shared import idempotency, outbox
from habrio_shared.contracts.chat import message_of_issue
from habrio_shared.contracts.issues import RAISED, RaiseIssue
from habrio_shared.contracts.orders import DELIVERED
from habrio_shared.database import db_now, transaction

outbox.on_reply(RAISED)(outbox.do_nothing)


def open_issue(user_id: int, order_id: int, given: IssueIn) -> IssueMade:
    """The shop is told, and the chat has a message of it. OrderNotFound, NotYourOrder, NotDelivered, TooManyIssues."""
    with transaction() as session:
        idempotency.claim(session)
        order = locked_of_consumer(session, user_id, order_id)
        if order.status not in DELIVERED:
            raise NotDelivered(order.status)
        if number_of(session, order_id) >= ISSUES_MAX:
            raise TooManyIssues
        at = session.execute(select(db_now())).scalar_one()
        issue = Issue(order_id=order_id, created_at=at, **given.model_dump())
        session.add(issue)
        session.flush()
        told = RaiseIssue(issue_id=issue.id, order_id=order_id, at=at, **given.model_dump())
        note(session, message_of_issue(told), "consumer")
        answer = IssueMade(message="The shop has been told", issue_id=issue.id)
        idempotency.remember(session, answer)
        row_id = outbox.put(session, RAISED, f"issue:{issue.id}", told)
    outbox.deliver(row_id)
    return answer
