"""The admin service's wiring."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from habrio_admin.database import db
from habrio_admin.settings import AdminSettings
from habrio_admin.users.routes import bp as users
from habrio_shared.service_app import create_service

FOLDER = Path(__file__).resolve().parents[1]


def create_app(settings: AdminSettings | None = None) -> Flask:
    """The admin service; its settings from the environment unless given."""
    return create_service(
        settings or AdminSettings(),
        title="Habrio admin",
        version="0.1.0",
        folder=FOLDER,
        db=db,
        blueprints=[users],
    )
