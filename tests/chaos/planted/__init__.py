"""Bugs that are planted into the processes of a stack, to show that the chaos finds them.

No product code knows of them: the stack's processes find this folder's `sitecustomize` on their PYTHONPATH. Python
imports it at its start, and it changes a function right after the module that has it is imported.
"""

from __future__ import annotations

import os
from pathlib import Path

PLANTS = ("inbox", "tombstone", "two-transactions", "role-cache")
VARIABLE = "HABRIO_PLANTED_BUG"


def plant(name: str) -> dict[str, str]:
    """What a stack's environment needs for the bug `name`; nothing for "" (no bug)."""
    if not name:
        return {}
    paths = [str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]
    return {"PYTHONPATH": os.pathsep.join(path for path in paths if path), VARIABLE: name}
