"""How a call about a cart can fail."""

from __future__ import annotations

from habrio_shared.errors import BadRequest, NotFound


class ItemNotFound(NotFound):
    """Unknown, not on sale, or of another society."""

    word = "item_not_found"
    sentence = "This item is not available"


class NotInCart(NotFound):
    word = "not_in_cart"
    sentence = "This item is not in your cart"


class ShopClosed(BadRequest):
    word = "shop_closed"
    sentence = "This shop is closed just now"


class AnotherShop(BadRequest):
    word = "another_shop"
    sentence = "Your cart holds items of another shop; order or clear them first"


class TooMuch(BadRequest):
    word = "cart_limit"
    sentence = "A cart holds at most 10 of one item"


class CartFull(BadRequest):
    word = "cart_full"
    sentence = "A cart holds at most 100 different items"
