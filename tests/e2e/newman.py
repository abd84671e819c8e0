"""`make postman`: newman runs the whole Postman collection; exit 0 if every assertion of it held.

Against the platform at BASE_URL, or one of its own, and there twice: what a walk leaves behind hinders no other.
"""

from __future__ import annotations

import os
import subprocess
import sys

from postman.generate import COLLECTION
from tests.support.node import NEWMAN, missing, npx
from tests.support.stack import running_stack

RUN_SECONDS = 300.0
MISSING = 3
"""The exit code when nothing was tried: no success, and told apart from a failure."""


def walk(url: str) -> subprocess.CompletedProcess[str]:
    """One run of the collection against the platform at `url`."""
    plain = ("--color", "off", "--disable-unicode", "--reporter-cli-no-success-assertions")
    return npx(NEWMAN, "run", str(COLLECTION), "--env-var", f"baseUrl={url}", *plain, timeout=RUN_SECONDS)


def main() -> int:
    if reason := missing(NEWMAN):
        print(reason)
        return MISSING
    if url := os.environ.get("BASE_URL"):
        return _told(walk(url))
    with running_stack({"APP_ENV": "development"}) as stack:
        return _told(walk(stack.url)) or _told(walk(stack.url))


def _told(run: subprocess.CompletedProcess[str]) -> int:
    print(run.stdout, run.stderr, flush=True)
    return run.returncode


if __name__ == "__main__":
    sys.exit(main())
