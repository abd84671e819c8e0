"""A tool: what it is called, what it takes, and how it reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from habrio_agent.clients.platform import Address
from habrio_agent.tools.schemas import Arguments


class Read(Protocol):
    """GET an address as the caller, within what is left of the question's time (Platform.read)."""

    def __call__(
        self,
        address: Address,
        *,
        ids: dict[str, int] | None = None,
        query: dict[str, str | int | list[str] | None] | None = None,
    ) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Tool:
    """`run` gets the checked arguments and what it may read by; what it returns goes to the model, framed as data."""

    name: str
    about: str
    takes: type[Arguments]
    run: Callable[[Read, Any], dict[str, Any]]

    def described(self) -> dict[str, Any]:
        """The tool as the Chat Completions protocol wants it."""
        return described(self.name, self.about, self.takes.model_json_schema())


def described(name: str, about: str, schema: dict[str, Any]) -> dict[str, Any]:
    """A function that a model may call; `schema` is of its arguments."""
    return {"type": "function", "function": {"name": name, "description": about, "parameters": schema}}
