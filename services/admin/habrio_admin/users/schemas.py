"""Users on the wire, as an administrator sees them."""

from __future__ import annotations

from pydantic import BaseModel, Field

from habrio_admin.audit.schemas import EntryData
from habrio_admin.orders.schemas import OrderData
from habrio_shared.contracts.acts import GivenRole
from habrio_shared.contracts.kyc import ReviewStatus
from habrio_shared.contracts.users import UserRole, UserStatus, UserSummary
from habrio_shared.money import RupeesOut
from habrio_shared.schemas import Answer, Body, Instant, Line, PagedQuery, Required


class UsersQuery(PagedQuery):
    role: UserRole | None = None
    status: UserStatus | None = None
    q: Line | None = Field(default=None, description="part of the phone or of the name")


class UserData(UserSummary):
    created_at: Instant


class UsersOut(Answer):
    users: list[UserData]
    next_cursor: int | None


class SessionData(BaseModel):
    """A log-in that can still be used."""

    id: int
    device: str
    created_at: Instant
    seen_at: Instant
    expires_at: Instant


class CustomerData(BaseModel):
    """What a user is as a customer; `flat_number` is "" where it is not told."""

    flat_number: str
    balance: RupeesOut
    orders: int


class BusinessData(BaseModel):
    """A vendor's business. `bank_account` is masked; it and `shop_id` are null before they are set up."""

    business_name: str
    business_type: str
    address: str
    gst_number: str | None
    kyc_status: ReviewStatus
    kyc_reason: str
    balance: RupeesOut
    shop_id: int | None
    bank_name: str | None
    bank_account: str | None
    created_at: Instant


class WholeUser(UserData):
    """Everything about a user. `customer` is null for vendors and administrators, `business` for everybody but vendors
    who have registered one. `orders` are the newest 20, `audit` the newest 20 acts on the user."""

    basic_onboarding_done: bool
    role_onboarding_done: bool
    kyc_status: str
    sessions: list[SessionData]
    customer: CustomerData | None
    business: BusinessData | None
    orders: list[OrderData]
    audit: list[EntryData]


class WholeUserOut(Answer):
    user: WholeUser


class ReasonIn(Body):
    reason: Required


class RoleIn(ReasonIn):
    """Nobody is made an administrator here: that is done by `flask create-admin`."""

    role: GivenRole
