"""The stack that `make run` or `make start` of this checkout has started, if it runs."""

from __future__ import annotations

import os

from habrio_local.home import Home


def url_of_running_stack() -> str | None:
    """Its URL, from HABRIO_HOME's state; None when no stack runs there."""
    home = Home.from_environ(os.environ)
    if home.holder_pid() is None:
        return None
    return home.read_state().get("url") or None
