"""Shops on the wire."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, model_validator

from habrio_shared.contracts.shops import ShopSummary
from habrio_shared.schemas import Answer, Body, Edit, Id, Instant, Line, Link, PagedQuery, Paragraph, Required, Text
from habrio_vendor.shops.rules import day_hours

Tags = Annotated[Text, Field(max_length=500, description="comma-separated")]


class ShopIn(Body):
    """`society` and `city` are the vendor's, `verified` and `featured` an administrator's: ignored here."""

    shop_name: Required
    shop_type: Required
    description: Paragraph = ""
    delivers: bool = False
    appointment_only: bool = False
    is_open: bool = True
    category_tags: Tags = ""
    logo_url: Link = ""


class ShopEdit(Edit):
    shop_name: Required | None = None
    shop_type: Required | None = None
    description: Paragraph | None = None
    delivers: bool | None = None
    appointment_only: bool | None = None
    is_open: bool | None = None
    category_tags: Tags | None = None
    logo_url: Link | None = None


class OpenIn(Body):
    is_open: bool


class DayIn(Body):
    """One day, 0 is Monday; both times absent, null or "Closed": closed that day."""

    day_of_week: int = Field(ge=0, le=6)
    open_time: Text | None = Field(default=None, examples=["09:00", "Closed"])
    close_time: Text | None = Field(default=None, examples=["21:30", "Closed"])

    @property
    def hours(self) -> tuple[str, str] | None:
        return day_hours(self.open_time, self.close_time)

    @model_validator(mode="after")
    def _times_belong_together(self) -> Self:
        day_hours(self.open_time, self.close_time)
        return self


class HoursIn(Body):
    """The whole week; a day that is not named has no hours."""

    weekly_hours: list[DayIn] = Field(min_length=1, max_length=7)

    @model_validator(mode="after")
    def _each_day_once(self) -> Self:
        days = [day.day_of_week for day in self.weekly_hours]
        if len(set(days)) < len(days):
            raise ValueError("each day may be given once")
        return self


class DayData(BaseModel):
    day_of_week: int
    open_time: str | None
    close_time: str | None


class ShopData(BaseModel):
    """The shop as its owner sees it; `weekly_hours` names the days that were set."""

    id: int
    shop_name: str
    shop_type: str
    description: str
    city: str
    society: str
    is_open: bool
    delivers: bool
    appointment_only: bool
    category_tags: str
    logo_url: str
    verified: bool
    featured: bool
    weekly_hours: list[DayData]
    created_at: Instant


class ShopOut(Answer):
    data: ShopData


class ShopMade(Answer):
    message: str
    shop_id: int


class LogEntry(BaseModel):
    """What happened to the shop. `user_id` is the vendor's, null when an administrator did it; then `reason` says why.

    `weekly_hours` is the week that was set, null unless `event` is `hours_changed`.
    """

    id: int
    event: Literal["opened", "closed", "hours_changed", "verified", "unverified", "featured", "unfeatured"]
    by: Literal["vendor", "admin"]
    user_id: int | None
    weekly_hours: list[DayData] | None
    reason: str
    at: Instant


class LogOut(Answer):
    log: list[LogEntry]
    next_cursor: int | None


class AdminShopsQuery(PagedQuery):
    """Filters of the administrators' list of shops."""

    verified: Literal["true", "false"] | None = None
    featured: Literal["true", "false"] | None = None
    q: Line | None = Field(default=None, description="part of the shop's or the business's name")
    vendor_id: Id | None = None


class AdminShop(ShopSummary):
    created_at: Instant


class AdminShopsOut(Answer):
    shops: list[AdminShop]
    next_cursor: int | None
