"""Claim the request's Idempotency-Key in the verb's transaction, and remember the answer there (API.md, "retries").

    with transaction() as session:
        idempotency.claim(session)          # first thing: a repeat waits here, then is answered as the first was
        ...
        idempotency.remember(session, answer)

A request without a key makes all of these do nothing. What is refused rolls back, and its key with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, cast

import psycopg.errors
from pydantic import BaseModel
from sqlalchemy import ColumnElement, CursorResult, and_, delete, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from habrio_shared.database import after, db_now, insert_ignore
from habrio_shared.idempotency.errors import KeyInUse, KeyReused, KeyTooLong, Replayed
from habrio_shared.idempotency.tables import idempotency_keys

KEY_LENGTH_MAX = 255
KEPT_DAYS = 7
SECONDS_PER_DAY = 86_400


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """A client's key within its scope; `body_sha256` is of the bytes as received. KeyTooLong past 255 characters."""

    user_id: int
    method: str
    path: str
    key: str
    body_sha256: str

    def __post_init__(self) -> None:
        if len(self.key) > KEY_LENGTH_MAX:
            raise KeyTooLong

    def matches(self) -> ColumnElement[bool]:
        """The condition that selects this key's row."""
        columns = idempotency_keys.c
        return and_(
            columns.user_id == self.user_id,
            columns.method == self.method,
            columns.path == self.path,
            columns.key == self.key,
        )


_running: ContextVar[IdempotencyKey | None] = ContextVar("habrio_idempotency_key", default=None)


@contextmanager
def key_of_request(key: IdempotencyKey | None) -> Iterator[None]:
    """While the request is handled, `claim` and the others mean this key."""
    token = _running.set(key)
    try:
        yield
    finally:
        _running.reset(token)


def claim(session: Session) -> None:
    """Take the key for this transaction.

    Replayed when it was answered before; KeyReused when that was for another body; KeyInUse when the first request
    with it still runs after 3 s (this transaction can then only be rolled back).
    """
    key = _running.get()
    if key is None:
        return
    row = {
        "user_id": key.user_id,
        "method": key.method,
        "path": key.path,
        "key": key.key,
        "body_sha256": key.body_sha256,
        "created_at": db_now(),
    }
    if _insert_waiting(session, row):
        return
    first = session.execute(select(idempotency_keys).where(key.matches())).one_or_none()
    if first is None:
        raise KeyInUse  # forgotten between our two statements: the client may try again at once
    if first.body_sha256 != key.body_sha256:
        raise KeyReused
    if first.answer is None:
        raise RuntimeError(f"{key.method} {key.path} committed a claim without remembering its answer")
    raise Replayed(first.answer, first.status)


def _insert_waiting(session: Session, row: dict[str, Any]) -> bool:
    """Waits for whoever holds the key, at most the engine's lock_timeout: 3 s (database.py)."""
    try:
        return insert_ignore(session, idempotency_keys, row)
    except OperationalError as error:
        if isinstance(error.orig, psycopg.errors.LockNotAvailable):
            raise KeyInUse from error
        raise


def remember(session: Session, answer: BaseModel, status: int = 200, *, subject: str | None = None) -> None:
    """Keep the answer that a repeat is to get; call it in the claiming transaction, and again if the answer improves.

    `subject` names what was made ("order:17"), for `forget`.
    """
    key = _running.get()
    if key is None:
        return
    kept: dict[str, Any] = {"answer": answer.model_dump(mode="json"), "status": status}
    if subject is not None:
        kept["subject"] = subject
    session.execute(update(idempotency_keys).where(key.matches()).values(**kept))


def forget(session: Session, subject: str) -> None:
    """Let the keys that made `subject` be used anew: what they made was refused after all."""
    session.execute(delete(idempotency_keys).where(idempotency_keys.c.subject == subject))


def purge(session: Session, older_than_days: int = KEPT_DAYS) -> int:
    """Delete the keys that are older; the number deleted."""
    too_old = idempotency_keys.c.created_at < select(after(-older_than_days * SECONDS_PER_DAY)).scalar_subquery()
    return cast("CursorResult[Any]", session.execute(delete(idempotency_keys).where(too_old))).rowcount
