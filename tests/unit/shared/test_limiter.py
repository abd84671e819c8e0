"""How limits are written, and how much wider they are for developers."""

from __future__ import annotations

from typing import ClassVar

import pytest
from limits import parse
from pydantic import Field, ValidationError

from habrio_shared.limiter import LimitedSettings, RateLimit, in_words, wider


class TeaSettings(LimitedSettings):
    service: ClassVar[str] = "tea"

    tea_limit: RateLimit = Field(default="3 per 15 minutes", description="cups of tea")


@pytest.mark.parametrize(
    ("limit", "factor", "result"),
    [
        ("3 per 15 minutes", 100, "300 per 15 minute"),
        ("20 per hour", 1 / 3, "6 per 1 hour"),
        ("2/day", 1 / 8, "1 per 1 day"),
    ],
)
def test_a_wider_limit_has_the_same_window_and_lets_at_least_one_pass(limit: str, factor: float, result: str) -> None:
    assert wider(limit, factor) == result
    assert parse(result).GRANULARITY == parse(limit).GRANULARITY


@pytest.mark.parametrize(("limit", "words"), [("3/15 minutes", "3 in 15 minutes"), ("20 per hour", "20 in 1 hour")])
def test_a_limit_is_told_in_words(limit: str, words: str) -> None:
    assert in_words(parse(limit)) == words


@pytest.mark.parametrize(
    ("app_env", "given", "held"),
    [
        ("development", None, "300 per 15 minute"),
        ("development", "4 per hour", "4 per hour"),
        ("testing", None, "3 per 15 minutes"),
        ("production", None, "3 per 15 minutes"),
    ],
)
def test_limits_are_a_hundred_times_wider_in_development_unless_set(
    monkeypatch: pytest.MonkeyPatch, app_env: str, given: str | None, held: str
) -> None:
    monkeypatch.setenv("APP_ENV", app_env)
    monkeypatch.delenv("TEA_LIMIT", raising=False)
    if given:
        monkeypatch.setenv("TEA_LIMIT", given)
    settings = TeaSettings()
    assert settings.tea_limit == held
    assert settings.limits == {"tea_limit": "cups of tea"}


@pytest.mark.parametrize("given", ["often", "3 per fortnight", "-3 per hour", "3", "0 per hour"])
def test_what_is_no_limit_stops_the_start(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("TEA_LIMIT", given)
    with pytest.raises(ValidationError, match="tea_limit"):
        TeaSettings()
