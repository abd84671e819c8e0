"""What can be wrong with a user."""

from __future__ import annotations

from habrio_shared.errors import NotFound


class UserNotFound(NotFound):
    word = "user_not_found"
    sentence = "There is no such user"
