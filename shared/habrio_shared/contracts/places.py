"""How cities and societies are compared: without regard to case and spacing (API.md, "Consumer service")."""

from __future__ import annotations


def place_key(name: str) -> str:
    """The form in which two spellings of one place are equal: "  Green  PARK " → "green park"."""
    return " ".join(name.casefold().split())
