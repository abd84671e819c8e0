"""The chain of administrators' acts, proven as an operator proves it."""

from __future__ import annotations

import os
import subprocess
import sys

from habrio_local.home import CHECKOUT
from tests.support.stack import Stack


def verify_audit(stack: Stack) -> subprocess.CompletedProcess[str]:
    """`flask verify-audit` on the stack's own database; 0 if every link holds, else the first broken one in words."""
    secrets = {"INTERNAL_SECRET": "5a" * 32, "SECRET_KEY": "5a" * 32}
    environ = {**os.environ, **secrets, "DATABASE_URL": stack.dsn("admin"), "APP_ENV": "testing"}
    return subprocess.run(
        [sys.executable, "-m", "flask", "verify-audit"],
        cwd=CHECKOUT / "services/admin",
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
