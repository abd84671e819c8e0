"""How a call about a shop can fail."""

from __future__ import annotations

from habrio_shared.errors import BadRequest, NotFound


class ShopNotFound(NotFound):
    word = "shop_not_found"
    sentence = "Shop not found"


class ShopExists(BadRequest):
    word = "shop_exists"
    sentence = "You have a shop already"


class ProfileMissing(BadRequest):
    """A shop needs the business that runs it."""

    word = "profile_missing"
    sentence = "Complete your vendor profile before opening a shop"
