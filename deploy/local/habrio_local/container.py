"""`python -m habrio_local.container`: the whole platform as the one process of a container (Dockerfile, all-in-one).

The same supervisor as `make run`, under production's rules unless APP_ENV says otherwise. It has nobody to ask, so it
settles what is missing by itself and says aloud what that means.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from habrio_local import platform
from habrio_local.console import Console
from habrio_local.home import Home
from habrio_local.options import Options
from habrio_local.platform import Platform
from habrio_local.problem import Problem
from habrio_local.secrets import CHOOSABLE
from habrio_shared.settings import is_weak

MOUNTS: Final = Path("/proc/self/mountinfo")
_UNNAMED_VOLUME: Final = re.compile(r"/volumes/[0-9a-f]{64}/_data$")


def main() -> int:
    """Starts the platform and stays until it is told to stop; the exit status."""
    began_at = time.monotonic()
    console = Console(shows_requests=True)
    try:
        environ, warnings = settle(os.environ)
        home, options = Home.from_environ(environ), Options.read(environ)
        if options.database != "postgresql":
            warnings.append(whereabouts(home.root, MOUNTS.read_text(encoding="utf-8").splitlines()))
        for warning in warnings:
            console.warn(f"WARNING: {warning}")

        def work(running: Platform) -> None:
            if options.has_demo:
                running.seed_demo()
            running.announce_ready()
            console.say(f"Habrio is ready on port {options.port} ({time.monotonic() - began_at:.1f} s)")
            running.watch()

        return platform.run(home, options, console, work=work)
    except Problem as problem:
        console.problem(str(problem))
    except PermissionError as error:
        console.problem(f"{error.filename} cannot be written by user {os.geteuid()}: give that user the data folder.")
    return 1


def settle(given: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The environment that the platform is to have, and what the person has to know about it.

    In staging and production a weak secret, or one given twice, is left out, so that the one that is kept in the data
    folder counts instead; and messages that would go to the console go nowhere.
    """
    environ = {"ALLOW_DB_MIGRATIONS": "true", **given}  # nobody else is there to run them
    if environ.get("APP_ENV") not in ("staging", "production"):
        return environ, []
    warnings = []
    chosen = [environ[name] for name in CHOOSABLE if environ.get(name)]
    for name in CHOOSABLE:
        secret = environ.get(name, "")
        if secret and (is_weak(secret) or chosen.count(secret) > 1):
            del environ[name]
            warnings.append(
                f"{name} is weak or given twice and NOT USED; a random one, kept in the data folder, takes its place."
                " Give 32 or more random characters."
            )
    if not environ.get("NOTIFY_URL") and not environ.get("NOTIFY_URL_FILE"):
        environ["NOTIFY_URL"] = "none"
        warnings.append(
            "without NOTIFY_URL no one-time password reaches a phone, so NOBODY CAN SIGN IN. Name a provider, or look"
            " around with -e APP_ENV=development."
        )
    return environ, warnings


def whereabouts(data: Path, mounts: Iterable[str]) -> str:
    """What becomes of `data` with the container, by the lines of Linux's mountinfo (root and place in columns 4, 5)."""
    roots = {fields[4]: fields[3] for fields in map(str.split, mounts)}
    root = roots.get(str(data))
    if root is None or _UNNAMED_VOLUME.search(root):
        return f"data and secrets are LOST WITH THIS CONTAINER; keep them with -v habrio-data:{data}."
    return f"data and secrets are kept in the volume or folder mounted at {data}."


if __name__ == "__main__":
    sys.exit(main())
