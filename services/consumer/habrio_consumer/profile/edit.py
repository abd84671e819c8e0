"""A profile changes; the name is auth's and is changed there."""

from __future__ import annotations

from habrio_consumer.clients import auth
from habrio_consumer.profile.errors import ProfileNotFound
from habrio_consumer.profile.models import Profile
from habrio_consumer.profile.queries import profile_of
from habrio_consumer.profile.schemas import ProfileEdit
from habrio_shared.database import transaction
from habrio_shared.identity import Caller
from habrio_shared.schemas import Message


def edit(caller: Caller, given: ProfileEdit) -> Message:
    """Change the fields that are given. ProfileNotFound; TargetUnavailable, with nothing changed, if auth is away."""
    changes = given.changes()
    name = changes.pop("name", None)
    profile_of(caller.user_id)
    if name is not None and name != caller.name:
        auth.rename(caller.user_id, name)
    with transaction() as session:
        profile = session.get(Profile, caller.user_id, with_for_update=True)
        if profile is None:
            raise ProfileNotFound
        for field, value in changes.items():
            setattr(profile, field, value)
    return Message(message="Your profile has been saved")
