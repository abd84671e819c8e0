"""`make env`: writes .env from .env.example, with secrets of its own. Standard library only.

A value `random` becomes 32 random bytes in hex; `keys a>b c>d` becomes INTERNAL_KEYS for those pairs, each pair's key
the same wherever it stands. A .env that is there stays as it is.
"""

from __future__ import annotations

import json
import os
import sys
from collections import defaultdict
from pathlib import Path
from secrets import token_hex

ROOT = Path(__file__).resolve().parents[2]
SECRET_BYTES = 32


def filled(example: str) -> str:
    """The text of `.env.example` with everything random chosen."""
    keys: defaultdict[str, str] = defaultdict(lambda: token_hex(SECRET_BYTES))

    def value(given: str) -> str:
        word, _, pairs = given.partition(" ")
        if given == "random":
            return token_hex(SECRET_BYTES)
        if word == "keys":
            ring = {pair: keys[pair] for pair in pairs.split()}
            return f"'{json.dumps(ring, separators=(',', ':'))}'"
        return given

    lines = []
    for line in example.splitlines():
        name, equals, given = line.partition("=")
        lines.append(line if line.startswith("#") or not equals else f"{name}={value(given)}")
    return "\n".join(lines) + "\n"


def main() -> int:
    target = ROOT / ".env"
    text = filled((ROOT / ".env.example").read_text(encoding="utf-8"))
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        print(f"{target.name} is there and stays as it is; remove it to have new secrets (and forget the old data).")
        return 0
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    print(f"{target.name} is written, with new secrets. `make up` uses it; look through it before.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
