"""How a call about an item can fail."""

from __future__ import annotations

from habrio_shared.errors import BadRequest, Conflict, NotFound


class ItemNotFound(NotFound):
    """Unknown, deleted, or of another shop."""

    word = "item_not_found"
    sentence = "Item not found"


class StockChanged(Conflict):
    """The stock has moved since the list from which `stock_version` was taken."""

    word = "stock_changed"
    sentence = "The stock of this item has changed since you looked; please check it and try again"


class SkuTaken(BadRequest):
    """Two items of one shop that are not deleted never have the same SKU."""

    word = "sku_taken"
    sentence = "Another item of your shop has this SKU"

    def __init__(self, item_id: int) -> None:
        super().__init__(details={"item_id": item_id})
