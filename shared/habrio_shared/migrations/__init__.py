"""Alembic for services: one environment, guarded commands, one answer to "is this database at the right revision?"."""
