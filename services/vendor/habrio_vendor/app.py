"""The vendor service's application: the one place where its parts are put together."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

import habrio_vendor.chat.on_consumer_events
import habrio_vendor.documents.on_admin_events
import habrio_vendor.issues.on_admin_events
import habrio_vendor.issues.on_consumer_events
import habrio_vendor.orders.on_consumer_events
import habrio_vendor.profile.on_admin_events
import habrio_vendor.profile.on_auth_events
import habrio_vendor.ratings.on_consumer_events
import habrio_vendor.returns.on_consumer_events
import habrio_vendor.shops.on_admin_events
import habrio_vendor.wallet.on_admin_events
import habrio_vendor.wallet.on_consumer_events  # noqa: F401 — importing them registers their handlers
from habrio_shared import events, idempotency, inbox, ledger, outbox
from habrio_shared.celery_app import make_celery
from habrio_shared.service_app import create_service
from habrio_vendor.administration.routes import bp as administration
from habrio_vendor.bulk_uploads.routes import bp as bulk_uploads
from habrio_vendor.catalogue.routes import bp as catalogue
from habrio_vendor.chat.routes import bp as chat
from habrio_vendor.database import db
from habrio_vendor.documents.routes import bp as documents
from habrio_vendor.issues.routes import bp as issues
from habrio_vendor.items.routes import bp as items
from habrio_vendor.notices.hand_out import hand_out_due
from habrio_vendor.orders.routes import bp as orders
from habrio_vendor.orders.time_out import time_out_due
from habrio_vendor.payout_bank.routes import bp as payout_bank
from habrio_vendor.payouts.routes import bp as payouts
from habrio_vendor.profile.routes import bp as profile
from habrio_vendor.returns.routes import bp as returns
from habrio_vendor.settings import VendorSettings
from habrio_vendor.shops.routes import bp as shops
from habrio_vendor.wallet import proof
from habrio_vendor.wallet.routes import bp as wallet

FOLDER = Path(__file__).resolve().parents[1]
TASKS = [f"habrio_vendor.{feature}.tasks" for feature in ("bulk_uploads", "notices", "payouts", "housekeeping")]
RECURRING = {"order-timer": time_out_due, "new-order-notices": hand_out_due}


def create_app(settings: VendorSettings | None = None) -> Flask:
    """The application with the settings given, or with those of the environment."""
    app = create_service(
        settings or VendorSettings(),
        title="Habrio vendor",
        version="0.1.0",
        folder=FOLDER,
        db=db,
        blueprints=[
            *(profile, documents, payout_bank, shops, items, bulk_uploads, catalogue),
            *(orders, returns, chat, issues, wallet, payouts, administration),
            *(inbox.blueprint, events.blueprint, ledger.blueprint),
        ],
        mechanisms=[ledger.metadata, ledger.verdict_metadata, outbox.metadata, inbox.metadata, idempotency.metadata],
    )
    ledger.set_up(app, proof.problems)
    make_celery(app, task_modules=TASKS, recurring=RECURRING)
    return app
