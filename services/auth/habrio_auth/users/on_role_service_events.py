"""What the consumer and vendor services say of users: their role's onboarding is done, their business is reviewed."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from habrio_auth.users.models import User
from habrio_shared import inbox
from habrio_shared.contracts.kyc import VENDOR_REVIEWED, VendorReviewed
from habrio_shared.contracts.users import CONSUMER_ONBOARDED, VENDOR_ONBOARDED, Noted, RoleOnboarded, UserRole
from habrio_shared.database import db_now


@inbox.on(CONSUMER_ONBOARDED)
def on_consumer_onboarded(session: Session, told: RoleOnboarded) -> Noted:
    return _note(session, told, "consumer")


@inbox.on(VENDOR_ONBOARDED)
def on_vendor_onboarded(session: Session, told: RoleOnboarded) -> Noted:
    return _note(session, told, "vendor")


@inbox.on(VENDOR_REVIEWED)
def on_vendor_reviewed(session: Session, told: VendorReviewed) -> Noted:
    """The newest review counts, in whatever order they arrive."""
    session.execute(
        update(User)
        .where(User.id == told.user_id, User.kyc_version < told.version)
        .values(kyc_status=told.kyc_status, kyc_version=told.version)
        .execution_options(synchronize_session=False)
    )
    return Noted()


def _note(session: Session, told: RoleOnboarded, role: UserRole) -> Noted:
    """A user whose role has changed since then has that onboarding still to do."""
    session.execute(
        update(User)
        .where(User.id == told.user_id, User.role == role)
        .values(role_onboarded_at=db_now())
        .execution_options(synchronize_session=False)
    )
    return Noted()
