"""How a resident's look at a shop can fail."""

from __future__ import annotations

from habrio_shared.errors import Forbidden


class ShopClosed(Forbidden):
    word = "shop_closed"
    sentence = "This shop is closed just now"
