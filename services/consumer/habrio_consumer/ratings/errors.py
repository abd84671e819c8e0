"""How rating an order can fail."""

from __future__ import annotations

from habrio_shared.errors import BadRequest


class AlreadyRated(BadRequest):
    word = "already_rated"
    sentence = "You have rated this order already"
