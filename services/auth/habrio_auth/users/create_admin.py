"""An administrator is made: by an operator at the keyboard, never through the API (API.md, "Admin service")."""

from __future__ import annotations

from habrio_auth.users.create import ensure_user
from habrio_shared.database import transaction


def ensure_admin(phone: str) -> bool:
    """Make the user of `phone` (E.164) an administrator, a new user if need be; False if they were one already."""
    with transaction() as session:
        user = ensure_user(session, phone)
        was_admin = user.role == "admin"
        user.role = "admin"
        return not was_admin
