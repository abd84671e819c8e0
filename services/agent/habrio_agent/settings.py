"""What the agent service can be told by its environment."""

from __future__ import annotations

from typing import ClassVar

from flask import current_app
from pydantic import Field, SecretStr

from habrio_shared.settings import ServiceSettings


class AgentSettings(ServiceSettings):
    """Where the model is, where the platform is, and the bounds of what one person and one question may take.

    `openai_…` speak of any endpoint of the Chat Completions protocol. `platform_url` is the front door: the agent
    reads there as the person who asks. The README's table says what each bound is for.
    """

    service: ClassVar[str] = "agent"

    openai_api_key: SecretStr
    openai_base_url: str = Field(default="https://api.openai.com/v1", pattern=r"^https?://[^\s/]+(/\S*)?$")
    openai_model: str = "gpt-4.1-mini"
    openai_timeout_seconds: float = Field(default=15.0, gt=0, le=30)
    platform_url: str = Field(default="http://127.0.0.1:8000", pattern=r"^https?://[^\s/]+/?$")
    agent_timeout_seconds: float = Field(default=40.0, gt=0, le=45)
    agent_tool_rounds: int = Field(default=5, ge=0, le=10)
    agent_questions_at_once: int = Field(default=6, ge=1)
    agent_calls_per_day: int = Field(default=100, ge=1)
    agent_tokens_per_day: int = Field(default=300_000, ge=1)
    agent_turns_sent: int = Field(default=6, ge=0, le=50)
    agent_turns_kept_days: int = Field(default=30, ge=1)


def current_settings() -> AgentSettings:
    """The settings of the current app."""
    settings: AgentSettings = current_app.extensions["habrio_settings"]
    return settings
