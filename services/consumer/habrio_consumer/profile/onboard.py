"""The consumer onboarding, once; auth is told that it is done."""

from __future__ import annotations

from habrio_consumer.profile.errors import AlreadyOnboarded
from habrio_consumer.profile.models import Profile
from habrio_consumer.profile.schemas import OnboardingIn
from habrio_shared import outbox
from habrio_shared.contracts.users import CONSUMER_ONBOARDED, RoleOnboarded
from habrio_shared.database import insert_ignore, transaction
from habrio_shared.schemas import Message

outbox.on_reply(CONSUMER_ONBOARDED)(outbox.do_nothing)


def onboard(user_id: int, given: OnboardingIn) -> Message:
    """AlreadyOnboarded, and nothing changes, the second time."""
    with transaction() as session:
        if not insert_ignore(session, Profile, {"user_id": user_id, **given.model_dump()}):
            raise AlreadyOnboarded
        told = outbox.put(session, CONSUMER_ONBOARDED, f"consumer-onboarded:{user_id}", RoleOnboarded(user_id=user_id))
    outbox.deliver(told)
    return Message(message="Your consumer profile has been saved")
