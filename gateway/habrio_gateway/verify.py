"""May this request pass, and as whom: the decision that nginx asks for before every request to a service.

In the order of API.md ("order of answers"): unknown prefix 404, public path anonymous, token 401, session 401,
suspended 403, limits 429. Role and scope are decided in the service, after its routing. At a page nobody is denied for
a lack of rights: whoever is not signed in is anonymous there, and is shown the way in.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from habrio_gateway.paths import decoded
from habrio_gateway.routes import GATEWAY, Route, RouteTable
from habrio_gateway.sessions import Session, Sessions
from habrio_gateway.tokens import AccessTokens, MissingToken
from habrio_shared import limiter
from habrio_shared.errors import Forbidden, NotFound, Unauthorized
from habrio_shared.identity import tokens as internal_tokens
from habrio_shared.identity.caller import Caller
from habrio_shared.identity.keys import KeyRing
from habrio_shared.identity.user_tokens import ExpiredToken, InvalidToken, UserToken

ANONYMOUS: Final = Caller(issuer=GATEWAY, role="anonymous")


class SessionEnded(Unauthorized):
    word = "session_ended"
    sentence = "This session has ended, please sign in again"


class AccountSuspended(Forbidden):
    word = "account_suspended"
    sentence = "This account is suspended"


DENIALS: Final = (MissingToken, InvalidToken, ExpiredToken, SessionEnded, AccountSuspended)
"""Why a caller is not let in where a token is needed."""


class UnknownAddress(NotFound):
    sentence = "There is nothing at this address"


@dataclass(frozen=True, slots=True)
class Asked:
    """A client's request as nginx describes it: `raw_path` percent-encoded and without its query.

    `cookie_token` is the access token of a browser's cookie; it counts at pages, and nothing else does there.
    """

    method: str
    raw_path: str
    authorization: str | None
    client_address: str
    cookie_token: str | None = None


@dataclass(frozen=True, slots=True)
class Allowed:
    """Who the request is made by, and the token that lets it into its service.

    `audience`: on routes that are shared, whom the answer may be shown to; "" if to nobody else.
    """

    caller: Caller
    internal_token: str
    audience: str = ""


Limit = Callable[[Asked, Route, Caller], None]
"""Counts a request and raises TooManyRequests when it is one too many. The caller is anonymous on public routes."""


def default_limit(limits: limiter.Limits) -> Limit:
    """So many requests a person, wherever they come from; an address when nobody is signed in (API.md)."""
    per_user, per_address = limits["default_limit_per_user"], limits["default_limit_per_ip"]

    def count(asked: Asked, _route: Route, caller: Caller) -> None:
        if caller.user_id:
            per_user.count(str(caller.user_id))
        else:
            per_address.count(asked.client_address)

    return count


class Verifier:
    """Decides; holds no state of its own but its collaborators."""

    def __init__(
        self,
        *,
        routes: RouteTable,
        tokens: AccessTokens,
        sessions: Sessions,
        keys: KeyRing,
        internal_token_seconds: int,
        limits: Sequence[Limit] = (),
    ) -> None:
        without_key = {r.service for r in routes if r.service != GATEWAY and keys.key(GATEWAY, r.service) is None}
        if without_key:
            raise ValueError(f"INTERNAL_KEYS has no key for gateway>{', gateway>'.join(sorted(without_key))}")
        self._routes = routes
        self._tokens = tokens
        self._sessions = sessions
        self._keys = keys
        self._internal_token_seconds = internal_token_seconds
        self._limits = tuple(limits)

    def decide(self, asked: Asked) -> Allowed:
        """Let the request pass, or raise the HabrioError that it is to be answered with."""
        path = decoded(asked.raw_path)
        route = self._routes.find(path)
        if route is None or route.service == GATEWAY:
            raise UnknownAddress
        caller = self._who_asks(route, asked)
        for limit in self._limits:
            limit(asked, route, caller)
        token = internal_tokens.mint(
            self._keys,
            caller,
            audience=route.service,
            method=asked.method,
            path=path,
            seconds=self._internal_token_seconds,
        )
        return Allowed(caller, token, audience_of(caller) if route.shared and caller.user_id else "")

    def _who_asks(self, route: Route, asked: Asked) -> Caller:
        if route.public:
            return ANONYMOUS
        if not route.page:
            return self._caller(asked.authorization)
        try:
            return self._caller(asked.cookie_token)
        except (Unauthorized, AccountSuspended):
            return ANONYMOUS

    def _caller(self, authorization: str | None) -> Caller:
        token = self._tokens.read(authorization, now=int(time.time()))
        return caller_of(token, self._sessions.find(token.session_id))


def audience_of(caller: Caller) -> str:
    """One word for all that decides what a shared answer shows: the caller's role, city and society."""
    digest = hashlib.blake2b(digest_size=16)
    for part in (caller.role, caller.city, caller.society):
        written = part.encode()
        digest.update(len(written).to_bytes(4) + written)
    return digest.hexdigest()


def caller_of(token: UserToken, session: Session | None) -> Caller:
    """The caller that a good token and its session make; the session has to be live and of the same phone."""
    if session is None or not session.live or session.phone != token.phone:
        raise SessionEnded
    if not session.active:
        raise AccountSuspended
    return Caller(
        issuer=GATEWAY,
        role=session.role,
        user_id=session.user_id,
        session_id=session.session_id,
        phone=session.phone,
        name=session.name,
        city=session.city,
        society=session.society,
    )
