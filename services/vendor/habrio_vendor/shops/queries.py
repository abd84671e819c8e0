"""Reading shops: the caller's own, whether one takes orders now, and what the admin service lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.roles import ExpressionElementRole

from habrio_shared.database import db_now, reading, reading_columns
from habrio_shared.identity import Caller
from habrio_shared.paging import newest_of
from habrio_vendor.profile.models import Profile
from habrio_vendor.settings import current_settings
from habrio_vendor.shops.errors import ShopNotFound
from habrio_vendor.shops.models import Shop, ShopDay, ShopLogEntry
from habrio_vendor.shops.rules import WeekTime, week_time


def shop_id_of(session: Session | Connection, vendor_id: int) -> int:
    """The id of the vendor's shop; ShopNotFound if there is none."""
    shop_id = session.scalar(select(Shop.id).where(Shop.vendor_id == vendor_id))
    if shop_id is None:
        raise ShopNotFound
    return shop_id


def locked_shop_of(session: Session, vendor_id: int) -> Shop:
    """The vendor's shop, locked until the transaction ends; ShopNotFound if there is none."""
    return _locked(session, Shop.vendor_id == vendor_id)


def locked_shop(session: Session, shop_id: int) -> Shop:
    """The shop, locked until the transaction ends; ShopNotFound if there is none."""
    return _locked(session, Shop.id == shop_id)


def _locked(session: Session, which: ExpressionElementRole[bool]) -> Shop:
    # Not FOR UPDATE: orders being placed at the shop refer to its row, and do not wait for this.
    shop = session.scalars(select(Shop).where(which).with_for_update(key_share=True)).one_or_none()
    if shop is None:
        raise ShopNotFound
    return shop


def has_shop(caller: Caller) -> None:
    """ShopNotFound unless the caller has a shop: what every call that needs one says before anything else (API.md)."""
    with reading_columns() as connection:
        shop_id_of(connection, caller.user_id)


def my_shop(vendor_id: int) -> tuple[Shop, list[ShopDay]]:
    """The vendor's shop with its week, by day."""
    with reading() as session:
        shop = session.scalars(select(Shop).where(Shop.vendor_id == vendor_id)).one_or_none()
        if shop is None:
            raise ShopNotFound
        return shop, week_of(session, shop.id)


def week_of(session: Session, shop_id: int) -> list[ShopDay]:
    """The days of the shop's week that were set."""
    return list(session.scalars(select(ShopDay).where(ShopDay.shop_id == shop_id).order_by(ShopDay.day_of_week)))


def log_of(vendor_id: int, *, limit: int, before_id: int | None) -> list[ShopLogEntry]:
    """Up to `limit` entries of the log of the vendor's shop, newest first; older than `before_id`, if given."""
    shop_id = select(Shop.id).where(Shop.vendor_id == vendor_id).scalar_subquery()
    mine = {ShopLogEntry.shop_id: shop_id}
    query = newest_of(select(ShopLogEntry), mine, ShopLogEntry.id, limit=limit, before_id=before_id)
    with reading() as session:
        return list(session.scalars(query))


def clock(session: Session | Connection) -> datetime:
    """The database's clock."""
    return session.execute(select(db_now())).scalar_one()


def hours_time(session: Session | Connection) -> WeekTime | None:
    """The minute of the week by which shops are open; None where their hours are not enforced."""
    settings = current_settings()
    if not settings.enforce_shop_hours:
        return None
    return week_time(clock(session), settings.zone)


def takes_orders(at: WeekTime | None) -> ColumnElement[bool]:
    """The condition that a shop is open: its vendor's switch, and at a given time also its hours.

    A shop that has set no hours at all is open round the clock. A day that its week does not name, or names as closed,
    has none. A closing time that is not after the opening one is of the next day.
    """
    if at is None:
        return Shop.is_open.is_(True)
    of_shop = ShopDay.shop_id == Shop.id
    past_midnight = ShopDay.close_time <= ShopDay.open_time
    today = and_(
        ShopDay.day_of_week == at.day_of_week,
        ShopDay.open_time <= at.time,
        or_(past_midnight, ShopDay.close_time > at.time),
    )
    since_yesterday = and_(ShopDay.day_of_week == at.day_before, past_midnight, ShopDay.close_time > at.time)
    has_hours = select(ShopDay.shop_id).where(of_shop).exists()
    is_within = select(ShopDay.shop_id).where(of_shop, or_(today, since_yesterday)).exists()
    return and_(Shop.is_open, or_(~has_hours, is_within))


def page_of_shops(
    *,
    limit: int,
    before_id: int | None,
    verified: bool | None = None,
    featured: bool | None = None,
    part: str | None = None,
    vendor_id: int | None = None,
) -> Sequence[tuple[Shop, str]]:
    """Up to `limit` shops, newest first, each with its business's name; `part` is looked for in both names, in any
    case, `%` and `_` literally."""
    query = (
        select(Shop, Profile.business_name)
        .join(Profile, Profile.user_id == Shop.vendor_id)
        .order_by(Shop.id.desc())
        .limit(limit)
    )
    if before_id is not None:
        query = query.where(Shop.id < before_id)
    if verified is not None:
        query = query.where(Shop.verified == verified)
    if featured is not None:
        query = query.where(Shop.featured == featured)
    if vendor_id is not None:
        query = query.where(Shop.vendor_id == vendor_id)
    if part:
        names = (Shop.shop_name, Profile.business_name)
        query = query.where(or_(*(name.icontains(part, autoescape=True) for name in names)))
    with reading() as session:
        return [(shop, name) for shop, name in session.execute(query)]
