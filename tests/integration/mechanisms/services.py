"""Two small services that use every mechanism: what the tests beside this file put under stress.

`consumer` sends notes to `vendor`; the effect of a note is a row in `effects`, and so is the handling of its reply.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from pydantic import BaseModel
from sqlalchemy import Column, Identity, MetaData, Table, Text, func, select
from sqlalchemy.orm import Session

from habrio_shared import idempotency, inbox, ledger, outbox
from habrio_shared.api import ApiBlueprint
from habrio_shared.contracts.message import Message
from habrio_shared.database import BigId, reading, transaction
from habrio_shared.errors import BadRequest
from habrio_shared.identity import Caller, role_required
from habrio_shared.outbox import RowId
from habrio_shared.schemas import Answer, Body
from habrio_shared.service_app import create_service
from habrio_shared.settings import ServiceSettings

INTERNAL_SECRET = "0f" * 32

effects_metadata = MetaData()
effects = Table(
    "effects",
    effects_metadata,
    Column("id", BigId, Identity(), primary_key=True),
    Column("what", Text, nullable=False),
)


class Note(BaseModel):
    text: str


class Taken(BaseModel):
    text: str
    by: str = "vendor"


NOTE = Message("proof.note", sender="consumer", target="vendor", body=Note, reply=Taken)
ECHO = Message("proof.echo", sender="vendor", target="consumer", body=Note, reply=Taken)
SECOND = Message("proof.second", sender="consumer", target="vendor", body=Note, reply=Taken)
UNHEARD = Message("proof.unheard", sender="consumer", target="vendor", body=Note, reply=Taken)

Hook = Callable[[Session, Note], None]


@dataclass
class Hooks:
    """What a test wants to happen within the handlers, after their own effect."""

    on_take: Hook | None = None
    on_reply: Hook | None = None


@dataclass
class Hooked:
    hooks: Hooks = field(default_factory=Hooks)


HOOKED = Hooked()


@inbox.on(NOTE)
def take(session: Session, body: Note) -> Taken:
    note_effect(session, f"taken {body.text}")
    if HOOKED.hooks.on_take:
        HOOKED.hooks.on_take(session, body)
    return Taken(text=body.text)


@inbox.on(SECOND)
def take_second(session: Session, body: Note) -> Taken:
    note_effect(session, f"second {body.text}")
    return Taken(text=body.text)


@outbox.on_reply(NOTE)
def settle(session: Session, body: Note, reply: Taken) -> None:
    note_effect(session, f"settled {reply.text}")
    if HOOKED.hooks.on_reply:
        HOOKED.hooks.on_reply(session, body)


@inbox.on(ECHO)
def take_echo(session: Session, body: Note) -> Taken:
    note_effect(session, f"echoed {body.text}")
    return Taken(text=body.text, by="consumer")


outbox.on_reply(ECHO)(outbox.do_nothing)


def note_effect(session: Session, what: str) -> None:
    session.execute(effects.insert().values(what=what))


def effects_of(app: Flask) -> list[str]:
    """Everything that took effect in this service, in order."""
    with app.app_context(), reading() as session:
        return list(session.scalars(select(effects.c.what).order_by(effects.c.id)))


def count_effects(app: Flask, what: str) -> int:
    with app.app_context(), reading() as session:
        return session.scalars(select(func.count()).where(effects.c.what == what)).one()


def put_note(app: Flask, text: str) -> RowId[Taken]:
    """One note in the outbox, with the effect that it tells of."""
    with app.app_context(), transaction() as session:
        note_effect(session, f"sent {text}")
        return outbox.put(session, NOTE, f"note:{text}", Note(text=text))


class Wish(Body):
    text: str
    refuse: bool = False


class Granted(Answer):
    text: str
    number: int


routes = ApiBlueprint("wishes")


class WishRefused(BadRequest):
    word = "wish_refused"


@routes.post("/consumer/wishes", idempotent=True, status=201)
@role_required("consumer")
def wish(body: Wish, caller: Caller) -> Granted:
    """Grant a wish, once for each key."""
    with transaction() as session:
        idempotency.claim(session)
        note_effect(session, f"wish {body.text}")
        if body.refuse:
            raise WishRefused
        number = session.scalars(select(func.count()).select_from(effects)).one()
        answer = Granted(text=body.text, number=number)
        idempotency.remember(session, answer, 201, subject=f"wish:{number}")
    return answer


class ConsumerSettings(ServiceSettings):
    service = "consumer"


class VendorSettings(ServiceSettings):
    service = "vendor"


SETTINGS: dict[str, type[ServiceSettings]] = {"consumer": ConsumerSettings, "vendor": VendorSettings}
METADATAS = (
    ledger.metadata,
    ledger.verdict_metadata,
    outbox.metadata,
    inbox.metadata,
    idempotency.metadata,
    effects_metadata,
)


def make_service(name: str, database_url: str, folder: Path, **settings: str) -> Flask:
    """The service `name` on an empty database or schema, with its tables made."""
    given = {"database_url": database_url, "internal_secret": INTERNAL_SECRET, "database_pool_size": 40, **settings}
    db = SQLAlchemy()
    app = create_service(
        SETTINGS[name].model_validate(given),
        title=name,
        version="0",
        folder=folder,
        db=db,
        blueprints=[inbox.blueprint, routes],
        mechanisms=METADATAS,
    )
    with app.app_context():
        for metadata in METADATAS:
            metadata.create_all(db.engine)
    return app
