"""HABRIO_HOME: where a stack keeps data, secrets, logs and state; one running stack a home, held by a file lock."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from habrio_local.problem import Problem

CHECKOUT = Path(__file__).resolve().parents[3]
MARKER = ".habrio-home"
PRIVATE_ROOT = Path("/var/lib/habrio")


@dataclass(frozen=True)
class Home:
    """Paths below one HABRIO_HOME (absolute)."""

    root: Path

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Home:
        given = environ.get("HABRIO_HOME", "")
        return cls(Path(given).expanduser().absolute() if given else CHECKOUT / ".habrio")

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def secrets_file(self) -> Path:
        return self.root / "secrets.json"

    @property
    def state_file(self) -> Path:
        return self.root / "state.json"

    @property
    def control_file(self) -> Path:
        return self.root / "control"

    @property
    def lock_file(self) -> Path:
        return self.root / "lock"

    @property
    def private_place(self) -> Path:
        """Where parts live that run as another user when that user cannot reach this home (a 0700 parent)."""
        return PRIVATE_ROOT / hashlib.sha256(str(self.root).encode()).hexdigest()[:16]

    def make(self) -> None:
        """Make the home. Raises Problem for a folder with other things in it: `make clean` would delete those."""
        if self.root.is_dir() and any(self.root.iterdir()) and not (self.root / MARKER).exists():
            raise Problem(f"{self.root} is not empty and not Habrio's. Set HABRIO_HOME to a new or an empty folder.")
        self.root.mkdir(parents=True, exist_ok=True)
        # As root, PostgreSQL's user must be able to pass through; what is secret below has its own mode.
        self.root.chmod(0o711 if os.geteuid() == 0 else 0o700)
        (self.root / MARKER).touch()
        self.logs.mkdir(mode=0o700, exist_ok=True)

    @property
    def is_made(self) -> bool:
        return (self.root / MARKER).exists()

    def lock(self) -> IO[str] | None:
        """The lock on this home, kept until closed or the process ends; None while another process holds it."""
        file = self.lock_file.open("a+", encoding="utf-8")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return None
        file.seek(0)
        file.truncate()
        file.write(f"{os.getpid()}\n")
        file.flush()
        return file

    def holder_pid(self) -> int | None:
        """The process id of the running stack's supervisor; None when no stack runs here."""
        if not self.lock_file.exists():
            return None
        with self.lock_file.open("r+", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                text = file.read().strip()
                return int(text) if text.isdigit() else 0
            return None

    def read_state(self) -> dict[str, Any]:
        """What the supervisor last wrote: phase, url, ports, processes; {} when there is nothing to read."""
        try:
            state: dict[str, Any] = json.loads(self.state_file.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return state

    def write_state(self, state: Mapping[str, Any]) -> None:
        """Replace the state file in one step, so that a reader never sees half of it."""
        draft = self.state_file.with_suffix(".new")
        draft.write_text(json.dumps(state, indent=1), encoding="utf-8")
        draft.replace(self.state_file)
