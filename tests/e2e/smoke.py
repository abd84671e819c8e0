"""`make smoke`: the main journey against a running development stack; exit 0 if it ended right.

The stack is the one at URL, or the one that `make run` of this checkout has started.
"""

from __future__ import annotations

import os
import sys
import time

from tests.e2e import journey
from tests.support.running import url_of_running_stack

PATIENCE_SECONDS = 20.0
"""A service that was killed is back long before; a client that is told to come back does so."""


def main() -> int:
    url = os.environ.get("URL") or url_of_running_stack()
    if not url:
        print("no stack is running here: type `make run` in another terminal, or give URL=http://…")
        return 2
    print(f"the journey of an order at {url}")
    began = time.monotonic()
    try:
        journey.run(url, say=lambda line: print(f"  · {line}", flush=True), patience_seconds=PATIENCE_SECONDS)
    except (AssertionError, OSError) as error:
        print(f"it went wrong: {error}")
        return 1
    print(f"it ended right, in {time.monotonic() - began:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
