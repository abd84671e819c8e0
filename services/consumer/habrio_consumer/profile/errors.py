"""How a call about a profile can fail."""

from __future__ import annotations

from habrio_shared.errors import BadRequest, NotFound


class AlreadyOnboarded(BadRequest):
    word = "already_onboarded"
    sentence = "Your consumer profile exists already; edit it instead"


class ProfileNotFound(NotFound):
    word = "profile_not_found"
    sentence = "Your consumer profile does not exist yet"
