"""The platform as somebody sees it who holds its secrets and its auth database: what forgers and tests need to know.

Sessions are made as rows and tokens signed here, so that thousands of log-ins cost no one-time passwords. Everything
that is judged goes the way of every request: through nginx, verifier and service.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import requests
from pydantic import SecretStr

from habrio_local import secrets as local_secrets
from habrio_shared.contracts.acts import END_SESSIONS, RESTORE_USER, SET_ROLE, SUSPEND_USER, ActOutcome
from habrio_shared.contracts.message import Message
from habrio_shared.identity import tokens as internal_tokens
from habrio_shared.identity.caller import Caller
from habrio_shared.identity.keys import KeyRing
from habrio_shared.outbox.transport import MESSAGE_ID_HEADER
from habrio_shared.settings import Settings
from tests.support.stack import Stack

ACCESS_SECONDS = 900
REFRESH_SECONDS = 30 * 86_400
INTERNAL_SECONDS = 30
TIMEOUT_SECONDS = 10
ACTS: dict[str, Message[Any, ActOutcome]] = {
    "suspend": SUSPEND_USER,
    "restore": RESTORE_USER,
    "role": SET_ROLE,
    "end-sessions": END_SESSIONS,
}
HEADER = {"alg": "HS256", "typ": "JWT"}


@dataclass(frozen=True)
class Person:
    """A user of the platform: the id and the phone (E.164) that auth has."""

    user_id: int
    phone: str


@dataclass(frozen=True)
class Session:
    """A live session of somebody: its row, its `sid`, and a good access token."""

    person: Person
    row_id: int
    sid: str
    token: str


def part(raw: bytes) -> str:
    """Base64url without padding, as tokens are written."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed(payload: bytes, key: bytes, header: bytes | None = None, digest: str = "sha256") -> str:
    """A token of exactly these bytes; `header` is HS256's unless given."""
    text = f"{part(json.dumps(HEADER).encode() if header is None else header)}.{part(payload)}"
    return f"{text}.{part(hmac.new(key, text.encode(), digest).digest())}"


class Realm:
    """One running platform, its secrets, and a connection to auth's database."""

    def __init__(self, stack: Stack, jwt_secret: str, internal_secret: str, database: psycopg.Connection) -> None:
        self.stack = stack
        self.jwt_secret = jwt_secret
        self.keys = KeyRing(Settings(internal_secret=SecretStr(internal_secret)))
        self._database = database
        self._http = requests.Session()
        self._http.trust_env = False

    @classmethod
    @contextmanager
    def of(cls, stack: Stack) -> Iterator[Realm]:
        """The realm of a running stack; also one for each thread, for neither connection is shared."""
        kept = local_secrets.load_or_make(stack.home.secrets_file, {})
        with psycopg.connect(stack.dsn("auth"), autocommit=True) as database:
            yield cls(stack, kept["JWT_SECRET"], kept["INTERNAL_SECRET"], database)

    # ---- people and their sessions

    def new_person(self, role: str | None, phone: str) -> Person:
        """A user as a log-in and basic onboarding leave one; `phone` in E.164."""
        made = self._database.execute(
            "INSERT INTO users (phone, name, city, society, role, status, onboarded_at, created_at)"
            " VALUES (%s, 'Meera', 'Pune', 'Lake View', %s, 'active', now(), now()) RETURNING id",
            (phone, role),
        ).fetchone()
        assert made is not None
        return Person(int(made[0]), phone)

    def person(self, phone: str) -> Person:
        """Somebody who has signed in already; `phone` in E.164."""
        found = self._database.execute("SELECT id FROM users WHERE phone = %s", (phone,)).fetchone()
        assert found is not None, f"nobody has signed in as {phone}"
        return Person(int(found[0]), phone)

    def new_session(self, person: Person) -> Session:
        """A log-in: the row that auth would make, and the access token that it would give."""
        sid = secrets.token_urlsafe(16)
        row = self._database.execute(
            "INSERT INTO sessions (sid, user_id, device, refresh_hash, created_at, seen_at, expires_at)"
            " VALUES (%s, %s, 'tests', '', now(), now(), now() + interval '30 days') RETURNING id",
            (sid, person.user_id),
        ).fetchone()
        assert row is not None
        return Session(person, int(row[0]), sid, self.token(self.access_claims(person.phone, sid)))

    def end(self, session: Session) -> None:
        """The session is over, as after a log-out."""
        self._database.execute("UPDATE sessions SET revoked_at = now() WHERE id = %s", (session.row_id,))

    def let_refresh(self, session: Session, token_id: str) -> None:
        """The refresh token of this `jti` is the session's unspent one."""
        kept = hashlib.sha256(token_id.encode()).hexdigest()
        self._database.execute("UPDATE sessions SET refresh_hash = %s WHERE id = %s", (kept, session.row_id))

    def act(self, person: Person, act: str, body: dict[str, Any] | None = None) -> None:
        """What an administrator does to a user, acknowledged: suspend, restore, role, end-sessions.

        Only an operator at the keyboard makes administrators; that is done in the database here.
        """
        if (body or {}).get("role") == "admin":
            self._database.execute("UPDATE users SET role = 'admin' WHERE id = %s", (person.user_id,))
            return
        path = f"/internal/messages/{ACTS[act].kind}"
        wanted = {"act_id": secrets.token_hex(8), "reason": "Tests", "user_id": person.user_id, **(body or {})}
        token = self.internal_token("admin", "auth", "POST", path)
        headers = {MESSAGE_ID_HEADER: f"act:{wanted['act_id']}"}
        answer = self.ask("auth", "POST", path, token, json=wanted, headers=headers)
        assert answer.status_code == 200, answer.text
        assert answer.json()["reply"]["refusal"] is None, answer.text

    # ---- tokens

    def access_claims(self, phone: str, sid: str) -> dict[str, Any]:
        """What auth puts into an access token now."""
        now = int(time.time())
        return {
            "sub": phone,
            "sid": sid,
            "iat": now,
            "role": "consumer",
            "type": "access",
            "exp": now + ACCESS_SECONDS,
            "jti": secrets.token_urlsafe(12),
        }

    def refresh_claims(self, phone: str, sid: str) -> dict[str, Any]:
        """What auth puts into a refresh token now."""
        now = int(time.time())
        common = {"sub": phone, "sid": sid, "iat": now, "type": "refresh"}
        return {**common, "exp": now + REFRESH_SECONDS, "jti": secrets.token_urlsafe(24)}

    def token(self, claims: dict[str, Any]) -> str:
        """These claims under the platform's own secret."""
        return signed(json.dumps(claims).encode(), self.jwt_secret.encode())

    def expired_token(self, session: Session) -> str:
        """A good token of this session, whose quarter of an hour ended a second ago."""
        claims = self.access_claims(session.person.phone, session.sid)
        return self.token(claims | {"iat": claims["iat"] - ACCESS_SECONDS - 1, "exp": claims["iat"] - 1})

    def internal_key(self, caller: str, audience: str) -> bytes:
        """The key of one pair."""
        key = self.keys.key(caller, audience)
        assert key is not None
        return key

    def internal_token(self, caller: str, audience: str, method: str, path: str) -> str:
        """What a service sends another one."""
        who = Caller(issuer=caller, role="service")
        return internal_tokens.mint(
            self.keys, who, audience=audience, method=method, path=path, seconds=INTERNAL_SECONDS
        )

    # ---- requests

    def get(self, path: str, authorization: str) -> requests.Response:
        """GET through the gateway with exactly this Authorization header."""
        return self._http.get(self.stack.url + path, headers={"Authorization": authorization}, timeout=TIMEOUT_SECONDS)

    def call(self, method: str, path: str, token: str = "", **options: Any) -> requests.Response:
        """Any request through the gateway; anonymous without a token."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self._http.request(method, self.stack.url + path, headers=headers, timeout=TIMEOUT_SECONDS, **options)

    def ask(self, service: str, method: str, path: str, internal_token: str, **options: Any) -> requests.Response:
        """A request to a service itself, behind the gateway's back."""
        headers = {internal_tokens.HEADER: internal_token, **(options.pop("headers", None) or {})}
        url = self.stack.service_url(service) + path
        return self._http.request(method, url, headers=headers, timeout=TIMEOUT_SECONDS, **options)
