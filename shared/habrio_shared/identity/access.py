"""Who may use a route: declared beside its handler, checked after routing and before the body is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from habrio_shared.errors import Forbidden, Unauthorized
from habrio_shared.identity.caller import Caller
from habrio_shared.permissions import allows, is_known

Handler = TypeVar("Handler", bound=Callable[..., Any])
ATTRIBUTE = "__habrio_access__"


@dataclass(frozen=True, slots=True)
class Access:
    """`public`: anybody through the gateway; `signed_in`: any live session; `role`: one that meets `requirement`;
    `internal`: the services named by `callers`."""

    kind: Literal["public", "signed_in", "role", "internal"]
    requirement: str = ""
    callers: frozenset[str] = frozenset()

    def check(self, caller: Caller) -> None:
        """Raise Unauthorized (nobody signed in, or not through the gateway) or Forbidden (the wrong role)."""
        if self.kind == "internal":
            if caller.issuer not in self.callers:
                raise Unauthorized
            return
        if caller.issuer != "gateway":
            raise Unauthorized
        if self.kind == "public":
            return
        if not caller.user_id:
            raise Unauthorized
        if self.kind == "role" and not allows(caller.role, self.requirement):
            raise Forbidden


def _declare(access: Access) -> Callable[[Handler], Handler]:
    def declare(handler: Handler) -> Handler:
        setattr(handler, ATTRIBUTE, access)
        return handler

    return declare


def public(handler: Handler) -> Handler:
    """Anybody may call this, with or without a token."""
    return _declare(Access("public"))(handler)


def signed_in(handler: Handler) -> Handler:
    """Any live session, whatever its role."""
    return _declare(Access("signed_in"))(handler)


def role_required(requirement: str) -> Callable[[Handler], Handler]:
    """Only this role ("vendor"), or this role's scope ("vendor:modify_order"); an unknown one fails at import."""
    if not is_known(requirement):
        raise ValueError(f"no such role or scope: {requirement}")
    return _declare(Access("role", requirement=requirement))


def internal_only(*callers: str) -> Callable[[Handler], Handler]:
    """Only these services, by their own signed requests; never reachable through the gateway."""
    return _declare(Access("internal", callers=frozenset(callers)))


def access_of(handler: Callable[..., Any]) -> Access | None:
    access: Access | None = getattr(handler, ATTRIBUTE, None)
    return access
