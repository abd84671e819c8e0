"""What can be wrong with a user."""

from __future__ import annotations

from habrio_shared.errors import BadRequest, NotFound


class UserNotFound(NotFound):
    word = "user_not_found"
    sentence = "There is no such user"


class LastAdministrator(BadRequest):
    """Somebody has to be left who can let others in again."""

    word = "last_administrator"
    sentence = "This is the last active administrator; make another one first"
