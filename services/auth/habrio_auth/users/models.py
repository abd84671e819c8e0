"""Users: one row a phone number."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Identity, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from habrio_auth.database import Model
from habrio_shared.contracts.kyc import ReviewStatus
from habrio_shared.contracts.users import UserRole, UserStatus
from habrio_shared.database import BigId, UtcDateTime, db_now


class User(Model):
    """A person by their phone (E.164). `role` and the rest are empty until basic onboarding, which happens once.

    `onboarded_at`: when that was; an operator may have given the role before. `role_onboarded_at`: when the service of
    that role said that its own onboarding is done. `kyc_status`: how the review of a vendor's business stands, as the
    vendor service said at `kyc_version`; it means nothing for others.
    """

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint("role IN ('consumer', 'vendor', 'admin')", name="role"),
        CheckConstraint("status IN ('active', 'suspended')", name="status"),
        CheckConstraint("kyc_status IN ('pending', 'approved', 'rejected')", name="kyc_status"),
        Index("ix_users_role_id", "role", "id"),
        Index("ix_users_created_at", "created_at"),
    )

    id: Mapped[int] = mapped_column(BigId, Identity(), primary_key=True)
    phone: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text, default="")
    city: Mapped[str] = mapped_column(Text, default="")
    society: Mapped[str] = mapped_column(Text, default="")
    role: Mapped[UserRole | None] = mapped_column(Text)
    status: Mapped[UserStatus] = mapped_column(Text, default="active")
    onboarded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    role_onboarded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    kyc_status: Mapped[ReviewStatus] = mapped_column(Text, server_default=text("'pending'"))
    kyc_version: Mapped[int] = mapped_column(server_default=text("0"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=db_now())

    @property
    def is_onboarded(self) -> bool:
        """Whether basic onboarding is done; an administrator has none to do."""
        return self.role == "admin" or self.onboarded_at is not None

    @property
    def is_role_onboarded(self) -> bool:
        """Whether the role's own onboarding is done; an administrator has none to do."""
        return self.role == "admin" or self.role_onboarded_at is not None
