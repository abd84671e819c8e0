"""The consumer service's application: the one place where its parts are put together."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

import habrio_consumer.chat.on_vendor_events
import habrio_consumer.issues.on_vendor_events
import habrio_consumer.orders.on_vendor_events
import habrio_consumer.returns.on_vendor_events
import habrio_consumer.wallet.on_admin_events  # noqa: F401 — importing them registers their handlers
from habrio_consumer.administration.routes import bp as administration
from habrio_consumer.cart.routes import bp as cart
from habrio_consumer.chat.routes import bp as chat
from habrio_consumer.database import db
from habrio_consumer.issues.routes import bp as issues
from habrio_consumer.orders.routes import bp as orders
from habrio_consumer.profile.routes import bp as profile
from habrio_consumer.ratings.routes import bp as ratings
from habrio_consumer.returns.routes import bp as returns
from habrio_consumer.settings import ConsumerSettings
from habrio_consumer.wallet import proof
from habrio_consumer.wallet.routes import bp as wallet
from habrio_shared import events, idempotency, inbox, ledger, limiter, outbox
from habrio_shared.service_app import create_service

FOLDER = Path(__file__).resolve().parents[1]


def create_app(settings: ConsumerSettings | None = None) -> Flask:
    """The application with the settings given, or with those of the environment."""
    settings = settings or ConsumerSettings()
    app = create_service(
        settings,
        title="Habrio consumer",
        version="0.1.0",
        folder=FOLDER,
        db=db,
        blueprints=[
            *(profile, cart, orders, chat, ratings, issues, returns, wallet, administration),
            *(inbox.blueprint, events.blueprint, ledger.blueprint),
        ],
        mechanisms=[ledger.metadata, ledger.verdict_metadata, outbox.metadata, inbox.metadata, idempotency.metadata],
    )
    limiter.set_up(app, settings)
    ledger.set_up(app, proof.problems)
    return app
