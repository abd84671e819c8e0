"""A vendor opens a shop in the society of the registration."""

from __future__ import annotations

from sqlalchemy import select

from habrio_shared.contracts.places import place_key
from habrio_shared.database import insert_ignore, transaction
from habrio_shared.identity import Caller
from habrio_vendor.profile.models import Profile
from habrio_vendor.shops.errors import ProfileMissing, ShopExists
from habrio_vendor.shops.models import Shop, ShopLogEntry
from habrio_vendor.shops.queries import shop_id_of
from habrio_vendor.shops.rules import tag_keys
from habrio_vendor.shops.schemas import ShopIn


def create(caller: Caller, given: ShopIn) -> int:
    """The new shop's id; ProfileMissing without a profile, ShopExists for a second shop.

    The shop's log begins with whether it is open.
    """
    row = {
        **given.model_dump(),
        "vendor_id": caller.user_id,
        "city": caller.city,
        "society": caller.society,
        "city_key": place_key(caller.city),
        "society_key": place_key(caller.society),
        "tag_keys": tag_keys(given.category_tags),
    }
    with transaction() as session:
        if session.scalar(select(Profile.user_id).where(Profile.user_id == caller.user_id)) is None:
            raise ProfileMissing
        if not insert_ignore(session, Shop, row):
            raise ShopExists
        shop_id = shop_id_of(session, caller.user_id)
        event = "opened" if given.is_open else "closed"
        session.add(ShopLogEntry(shop_id=shop_id, event=event, made_by="vendor", user_id=caller.user_id))
        return shop_id
