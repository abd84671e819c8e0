"""What profiles ask of the auth service."""

from __future__ import annotations

from habrio_shared.contracts.users import NAME_PATH
from habrio_shared.http_client import client


def rename(user_id: int, name: str) -> None:
    """Give the user another name. TargetUnavailable when auth is away."""
    client("auth").request("POST", NAME_PATH.format(user_id=user_id), json={"name": name})
