"""Basic onboarding: who somebody is, where they live, and what they are here for; once."""

from __future__ import annotations

from sqlalchemy import select

from habrio_auth.users.queries import locked_user
from habrio_auth.users.schemas import BasicOnboarding
from habrio_shared.database import db_now, transaction
from habrio_shared.schemas import Message


def onboard(user_id: int, given: BasicOnboarding) -> Message:
    """Take the answers; a second time the first ones stand, and the answer says so (API.md).

    A role that an operator gave before stands too.
    """
    with transaction() as session:
        user = locked_user(session, user_id)
        if user.is_onboarded:
            return Message(message="Basic onboarding was done already; nothing has changed")
        user.name, user.city, user.society = given.name, given.city, given.society
        user.role = user.role or given.role
        user.onboarded_at = session.execute(select(db_now())).scalar_one()
    return Message(message="Basic onboarding done")
