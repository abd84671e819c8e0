"""Alembic's environment: the shared library's, on this service's tables."""

from habrio_shared.migrations.env import run

run()
