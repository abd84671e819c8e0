"""The auth service's wiring."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from habrio_auth.database import db
from habrio_auth.otps import handover
from habrio_auth.otps.routes import bp as otps
from habrio_auth.sessions.routes import bp as sessions
from habrio_auth.settings import AuthSettings
from habrio_auth.test_support.routes import BLUEPRINTS as TEST_SUPPORT
from habrio_auth.users import on_admin_events, on_role_service_events  # noqa: F401 — they register their handlers
from habrio_auth.users.commands import register_commands
from habrio_auth.users.routes import bp as users
from habrio_shared import inbox, limiter
from habrio_shared.celery_app import make_celery
from habrio_shared.service_app import create_service

FOLDER = Path(__file__).resolve().parents[1]
TASKS = ["habrio_auth.otps.tasks", "habrio_auth.housekeeping.tasks"]


def create_app(settings: AuthSettings | None = None) -> Flask:
    """The auth service; its settings from the environment unless given."""
    settings = settings or AuthSettings()
    app = create_service(
        settings,
        title="Habrio auth",
        version="0.1.0",
        folder=FOLDER,
        db=db,
        blueprints=[otps, sessions, users, inbox.blueprint, *(TEST_SUPPORT if settings.has_test_support else ())],
        mechanisms=[inbox.metadata],
    )
    limiter.set_up(app, settings)
    make_celery(app, task_modules=TASKS)
    handover.set_up(app)
    register_commands(app)
    return app
