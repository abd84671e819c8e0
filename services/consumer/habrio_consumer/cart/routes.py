"""/consumer/cart."""

from __future__ import annotations

from habrio_consumer.cart.add import add
from habrio_consumer.cart.clear import clear
from habrio_consumer.cart.errors import AnotherShop, CartFull, ItemNotFound, NotInCart, ShopClosed, TooMuch
from habrio_consumer.cart.models import CartLine
from habrio_consumer.cart.remove import remove
from habrio_consumer.cart.schemas import AddIn, CartOut, LineData, RemoveIn, UpdateIn, ViewQuery
from habrio_consumer.cart.show import show
from habrio_consumer.cart.update import update
from habrio_shared.api import ApiBlueprint
from habrio_shared.errors import Unavailable
from habrio_shared.identity import Caller, role_required
from habrio_shared.schemas import Message

bp = ApiBlueprint("cart")


@bp.post("/consumer/cart/add", errors=(ItemNotFound, ShopClosed, AnotherShop, TooMuch, CartFull, Unavailable))
@role_required("consumer")
def add_item(body: AddIn, caller: Caller) -> Message:
    """Put an item into your cart; one shop at a time."""
    return add(caller, body.item_id, body.quantity)


@bp.post("/consumer/cart/update", errors=(NotInCart,))
@role_required("consumer")
def update_item(body: UpdateIn, caller: Caller) -> Message:
    """Change how many of an item you want."""
    return update(caller.user_id, body.item_id, body.quantity)


@bp.post("/consumer/cart/remove", errors=(NotInCart,))
@role_required("consumer")
def remove_item(body: RemoveIn, caller: Caller) -> Message:
    """Take an item out of your cart."""
    return remove(caller.user_id, body.item_id)


@bp.post("/consumer/cart/clear")
@role_required("consumer")
def clear_cart(caller: Caller) -> Message:
    """Empty your cart."""
    return clear(caller.user_id)


@bp.get("/consumer/cart/view")
@role_required("consumer")
def view(query: ViewQuery, caller: Caller) -> CartOut:
    """Your cart, with prices and availability as they are now."""
    lines, stale = show(caller, is_peek=query.peek == "true")
    cart = [_render(line) for line in lines]
    return CartOut(
        cart=cart,
        total_price=sum(line.subtotal for line in cart),
        total_savings=sum(line.savings for line in cart),
        stale=stale,
    )


def _render(line: CartLine) -> LineData:
    saved_paise = max(0, (line.mrp_paise or line.price_paise) - line.price_paise)
    return LineData(
        id=line.id,
        item_id=line.item_id,
        item_name=line.title,
        title=line.title,
        name=line.title,
        brand=line.brand,
        image_url=line.image_url,
        available=line.available,
        price=line.price_paise,
        mrp=line.mrp_paise,
        savings=saved_paise * line.quantity,
        quantity=line.quantity,
        unit=line.unit,
        pack_size=line.pack_size,
        subtotal=line.price_paise * line.quantity,
        shop_id=line.shop_id,
        shop_name=line.shop_name,
    )
