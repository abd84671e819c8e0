"""The one registry of roles and scopes (API.md, "Admin service"). A scope is asked for as `role:action`."""

from __future__ import annotations

SCOPES_BY_ROLE: dict[str, frozenset[str]] = {
    "consumer": frozenset({"confirm_order", "cancel_order", "rate_order", "wallet_debit"}),
    "vendor": frozenset({"modify_order", "deliver_order", "cancel_order_vendor", "wallet_credit"}),
    "admin": frozenset({"*"}),
}
"""`*` means every action of that role; it opens no other role's routes."""


def is_known(requirement: str) -> bool:
    """Whether `requirement` ("vendor", or "vendor:modify_order") names a role and one of its actions."""
    role, _, action = requirement.partition(":")
    actions = SCOPES_BY_ROLE.get(role)
    return actions is not None and (not action or action in actions or "*" in actions)


def allows(role: str, requirement: str) -> bool:
    """Whether somebody of `role` meets `requirement`."""
    return is_known(requirement) and role == requirement.partition(":")[0]
