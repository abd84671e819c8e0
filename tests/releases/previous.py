"""The previous release's tree, out of the repository's own history."""

from __future__ import annotations

import io
import re
import subprocess
import tarfile
from pathlib import Path

from habrio_local.home import CHECKOUT

NAMED = re.compile(r"^`(v[\d.]+)` is commit [0-9a-f]{40}, tree ([0-9a-f]{40})", re.MULTILINE)


def named() -> tuple[str, str]:
    """(version, tree) of the newest release that the CHANGELOG names; a commit's hash changes with its past."""
    found = NAMED.search((CHECKOUT / "CHANGELOG.md").read_text(encoding="utf-8"))
    assert found, "CHANGELOG.md names no release as `v…` is commit …, tree …"
    return found[1], found[2]


def is_here(tree: str) -> bool:
    """Whether this clone has it: a shallow one has not."""
    asked = ["git", "cat-file", "-e", f"{tree}^{{tree}}"]
    return subprocess.run(asked, cwd=CHECKOUT, capture_output=True, check=False).returncode == 0


def unpack(tree: str, folder: Path) -> None:
    """Write the tree's files to `folder`."""
    archive = subprocess.run(["git", "archive", tree], cwd=CHECKOUT, capture_output=True, check=True)
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        files.extractall(folder, filter="data")
