"""The admin service's wiring."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from habrio_admin.acts import on_owner_events  # noqa: F401 — importing it registers its handlers
from habrio_admin.audit.commands import register_commands
from habrio_admin.audit.routes import bp as audit
from habrio_admin.database import db
from habrio_admin.events.routes import bp as events
from habrio_admin.issues.routes import bp as issues
from habrio_admin.ledger.routes import bp as ledger
from habrio_admin.orders.routes import bp as orders
from habrio_admin.page import routes as page
from habrio_admin.payouts.routes import bp as payouts
from habrio_admin.reviews.routes import bp as reviews
from habrio_admin.settings import AdminSettings
from habrio_admin.shops.routes import bp as shops
from habrio_admin.stats.routes import bp as stats
from habrio_admin.users.routes import bp as users
from habrio_admin.wallets.routes import bp as wallets
from habrio_shared import idempotency, outbox
from habrio_shared.celery_app import make_celery
from habrio_shared.ledger import verdict_metadata
from habrio_shared.service_app import create_service

FOLDER = Path(__file__).resolve().parents[1]


def create_app(settings: AdminSettings | None = None) -> Flask:
    """The admin service; its settings from the environment unless given."""
    app = create_service(
        settings or AdminSettings(),
        title="Habrio admin",
        version="0.1.0",
        folder=FOLDER,
        db=db,
        blueprints=[users, shops, orders, reviews, issues, wallets, payouts, events, ledger, audit, stats],
        mechanisms=[verdict_metadata, outbox.metadata, idempotency.metadata],
    )
    page.mount(app)
    make_celery(app, task_modules=["habrio_admin.housekeeping.tasks"])
    register_commands(app)
    return app
