"""The answer to every act."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from habrio_shared.schemas import Answer


class Acted(Answer):
    """`act_id` is that of the audit log. `before` and `after` are what the act touched; empty with 202, when it will be
    carried out as soon as the service that owns it is back."""

    message: str
    act_id: str
    before: dict[str, Any] = Field(default_factory=dict)
    after: dict[str, Any] = Field(default_factory=dict)
