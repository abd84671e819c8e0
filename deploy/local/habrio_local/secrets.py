"""Secrets of one stack: made once, kept in a file only its owner may read, given out by environment.py."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

CHOOSABLE = ("SECRET_KEY", "JWT_SECRET", "INTERNAL_SECRET", "OTP_PEPPER", "DATA_KEY")
GENERATED = (*CHOOSABLE, "POSTGRES_PASSWORD", "REDIS_PASSWORD")
SECRET_BYTES = 32


def load_or_make(path: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """The secrets by name. What `environ` gives wins; the rest is read from `path`, and made there when missing."""
    kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    missing = [name for name in GENERATED if name not in kept]
    if missing:
        kept |= {name: secrets.token_hex(SECRET_BYTES) for name in missing}
        _write_private(path, json.dumps(kept, indent=1))
    # The server's own password was set when its data was made: a variable cannot change it afterwards.
    given = {name: environ[name] for name in CHOOSABLE if environ.get(name)}
    return kept | given


def role_password(secret: str, role: str) -> str:
    """A database role's password, derived, so that stacks that share a server by one DATABASE_URL agree on it."""
    return hmac.new(secret.encode(), f"habrio-role:{role}".encode(), hashlib.sha256).hexdigest()


def _write_private(path: Path, text: str) -> None:
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
