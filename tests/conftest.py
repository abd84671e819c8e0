"""Fixtures of the whole suite: one running platform, one PostgreSQL, each started only if a test asks for it."""

from tests.support.stack import postgres, stack

__all__ = ["postgres", "stack"]
