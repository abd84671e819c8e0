"""What the agent service needs to be told, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from habrio_agent.settings import AgentSettings

BASE = {
    "database_url": "sqlite:///x.db",
    "app_env": "production",
    "internal_secret": "1a" * 32,
    "secret_key": "2b" * 32,
    "openai_api_key": "k",
}


def test_there_is_no_agent_without_a_key() -> None:
    with pytest.raises(ValidationError, match="openai_api_key"):
        AgentSettings.model_validate({name: value for name, value in BASE.items() if name != "openai_api_key"})


@pytest.mark.parametrize("key", ["none", "sk-testdevsecret", "0123456789" * 20])
def test_how_somebody_elses_key_looks_is_not_ours_to_judge(key: str) -> None:
    settings = AgentSettings.model_validate({**BASE, "openai_api_key": key})
    assert key not in repr(settings)


def test_our_own_secrets_are_judged_all_the_same() -> None:
    with pytest.raises(ValidationError, match="SECRET_KEY is too weak"):
        AgentSettings.model_validate({**BASE, "secret_key": "short"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("openai_base_url", wrong) for wrong in ("api.example.com", "ftp://x/v1", "http://", "http://a b/v1")),
        *(("platform_url", wrong) for wrong in ("127.0.0.1:8000", "http://door/api/v1", "http://")),
        ("openai_timeout_seconds", 31),
        ("agent_timeout_seconds", 46),
        ("agent_timeout_seconds", 0),
        ("agent_tool_rounds", -1),
        ("agent_tool_rounds", 11),
        ("agent_questions_at_once", 0),
        ("agent_calls_per_day", 0),
        ("agent_turns_kept_days", 0),
    ],
)
def test_a_setting_that_cannot_work_stops_the_start(name: str, value: Any) -> None:
    with pytest.raises(ValidationError, match=name):
        AgentSettings.model_validate({**BASE, name: value})
