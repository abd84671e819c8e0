"""A user is given another role."""

from __future__ import annotations

from habrio_auth.users.models import User
from habrio_auth.users.queries import locked_user
from habrio_shared.contracts.users import UserRole
from habrio_shared.database import transaction


def set_role(user_id: int, role: UserRole) -> User:
    """The next request of any of their sessions is judged by the new role, whose onboarding is to do. UserNotFound."""
    with transaction() as session:
        user = locked_user(session, user_id)
        give_role(user, role)
        return user


def give_role(user: User, role: UserRole) -> None:
    """The same for a locked user."""
    if user.role != role:
        user.role, user.role_onboarded_at = role, None
