"""The platform in one container settles what nobody is there to be asked about, and says what becomes of the data."""

from __future__ import annotations

from pathlib import Path

import pytest

from habrio_local.container import settle, whereabouts

STRONG = "5f" * 32
MOUNT = "612 598 0:55 {root} {place} rw,relatime - overlay overlay rw"


def test_a_weak_secret_is_not_used_in_production_and_loudly_so() -> None:
    environ, warnings = settle({"APP_ENV": "production", "SECRET_KEY": "changeme", "DATA_KEY": STRONG})
    assert "SECRET_KEY" not in environ
    assert environ["DATA_KEY"] == STRONG
    assert [warning for warning in warnings if warning.startswith("SECRET_KEY") and "NOT USED" in warning]
    assert "changeme" not in " ".join(warnings)


def test_of_two_equal_secrets_neither_is_used() -> None:
    environ, warnings = settle({"APP_ENV": "staging", "SECRET_KEY": STRONG, "JWT_SECRET": STRONG})
    assert not {"SECRET_KEY", "JWT_SECRET"} & set(environ)
    assert len([warning for warning in warnings if "NOT USED" in warning]) == 2


@pytest.mark.parametrize("given", [{"NOTIFY_URL": "json://sms.example"}, {"NOTIFY_URL_FILE": "/run/secrets/notify"}])
def test_a_provider_of_messages_is_left_alone(given: dict[str, str]) -> None:
    environ, warnings = settle({"APP_ENV": "production", **given})
    assert environ.items() >= given.items()
    assert environ.get("NOTIFY_URL") != "none"
    assert warnings == []


def test_without_a_provider_messages_go_nowhere_and_it_says_that_nobody_can_sign_in() -> None:
    environ, warnings = settle({"APP_ENV": "production"})
    assert environ["NOTIFY_URL"] == "none"
    assert "NOBODY CAN SIGN IN" in " ".join(warnings)


def test_in_development_everything_stays_as_it_was_given() -> None:
    given = {"APP_ENV": "development", "SECRET_KEY": "changeme"}
    assert settle(given) == ({"ALLOW_DB_MIGRATIONS": "true", **given}, [])


@pytest.mark.parametrize(
    ("root", "is_lost"),
    [
        (f"/var/lib/docker/volumes/{'0a' * 32}/_data", True),
        ("/var/lib/docker/volumes/habrio-data/_data", False),
        ("/srv/habrio", False),
        (None, True),
    ],
)
def test_what_becomes_of_the_data_is_told_by_where_it_lies(root: str | None, is_lost: bool) -> None:
    mounts = [MOUNT.format(root="/", place="/")]
    if root is not None:
        mounts.append(MOUNT.format(root=root, place="/data"))
    assert ("LOST WITH THIS CONTAINER" in whereabouts(Path("/data"), mounts)) is is_lost
