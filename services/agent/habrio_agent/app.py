"""The agent service's application: the one place where its parts are put together."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from habrio_agent.clients import model
from habrio_agent.conversations.routes import bp as conversations
from habrio_agent.database import db
from habrio_agent.questions import seats
from habrio_agent.questions.routes import bp as questions
from habrio_agent.settings import AgentSettings
from habrio_shared.service_app import create_service

FOLDER = Path(__file__).resolve().parents[1]


def create_app(settings: AgentSettings | None = None) -> Flask:
    """The application with the settings given, or with those of the environment."""
    settings = settings or AgentSettings()
    app = create_service(
        settings,
        title="Habrio agent",
        version="0.1.0",
        folder=FOLDER,
        db=db,
        blueprints=[questions, conversations],
    )
    model.set_up(app, settings)
    seats.set_up(app, settings)
    return app
