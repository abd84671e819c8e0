"""Makes `.venv` and installs into it: `python bootstrap.py install runtime` (or `dev`). Standard library only.

`check runtime` only says by its exit status whether there is anything to do.

Does nothing when what was installed is what the requirements say. An installation that was interrupted, and a virtual
environment that was moved or whose Python is gone, are made again from nothing. One at a time: a second caller waits.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "habrio-installed.json"
UNFINISHED = VENV / "habrio-unfinished"
REQUIREMENTS = {"runtime": "requirements.txt", "dev": "requirements-dev.txt"}
COLLECTING = re.compile(r"^\s*(?:Collecting|Requirement already satisfied:) ([A-Za-z0-9._-]+)")
INSTALLING = re.compile(r"^Installing collected packages: ")


class Failed(Exception):
    """The message says what to do."""


def main(verb: str, kind: str) -> int:
    if verb == "check":
        return 1 if missing_kinds(kind) else 0
    try:
        with one_at_a_time():
            install(kind)
    except Failed as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted; the next run begins the installation anew.", file=sys.stderr)
        return 130
    return 0


def install(kind: str) -> None:
    """Bring the virtual environment to what the requirements say. Raises Failed."""
    missing = missing_kinds(kind)
    if not missing:
        return
    if UNFINISHED.exists() or not is_usable():
        make_venv()
    done = installed()
    UNFINISHED.touch()
    pip_install([ROOT / REQUIREMENTS[name] for name in (("runtime", "dev") if "dev" in missing else ("runtime",))])
    if "runtime" in missing:
        packages = [part for folder in own_packages() for part in ("-e", str(folder))]
        say("Installing Habrio's own packages")
        run_pip(["--no-deps", "--no-build-isolation", *packages])
    done |= {"place": str(VENV), **{name: digest(inputs(name)) for name in missing}}
    STAMP.write_text(json.dumps(done), encoding="utf-8")
    UNFINISHED.unlink()
    say("Installed")
    print()


def missing_kinds(kind: str) -> list[str]:
    """Which kinds of packages are not installed as the requirements now want them; `dev` includes `runtime`."""
    done = installed()
    kinds = ["runtime"] if kind == "runtime" else ["runtime", "dev"]
    return [name for name in kinds if done.get(name) != digest(inputs(name))]


def inputs(kind: str) -> list[Path]:
    """The files that say what is to be installed."""
    if kind == "dev":
        return [ROOT / REQUIREMENTS["dev"]]
    return [ROOT / REQUIREMENTS["runtime"], *(folder / "pyproject.toml" for folder in own_packages())]


def installed() -> dict[str, str]:
    """What the stamp says; {} when nothing was installed here by us, or not to the end."""
    try:
        stamp: dict[str, str] = json.loads(STAMP.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return stamp if is_usable() and not UNFINISHED.exists() and stamp.get("place") == str(VENV) else {}


def is_usable() -> bool:
    """Is there a virtual environment that was made in this place and whose Python is still there, by us or not?"""
    try:
        head = (VENV / "bin" / "pip").read_text(encoding="utf-8")[:500]  # it names its Python by the whole path
    except (FileNotFoundError, UnicodeDecodeError):
        return False
    return PYTHON.exists() and f"{VENV}/bin/" in head


def make_venv() -> None:
    if VENV.exists():
        say("Removing a virtual environment that is unfinished, or was made in another place")
        shutil.rmtree(VENV)
    say(f"Making {VENV.name} with Python {sys.version.split()[0]}")
    VENV.mkdir()
    UNFINISHED.touch()  # first of all, so that no interruption leaves something that looks whole
    done = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failed(f"The virtual environment could not be made:\n{done.stdout}{done.stderr}")


def pip_install(requirements: list[Path]) -> None:
    """Install the pinned packages, by their hashes, one line of progress meanwhile. Raises Failed."""
    lines = [line for file in requirements for line in file.read_text(encoding="utf-8").splitlines()]
    total = len({line.split("==")[0] for line in lines if "==" in line})
    say(f"Installing {total} packages into {VENV.name} (once; a minute or two)")
    run_pip(["--require-hashes", *(part for file in requirements for part in ("-r", str(file)))], total)


def run_pip(arguments: list[str], total: int = 0) -> None:
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off", *arguments]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    seen: set[str] = set()
    last: list[str] = []
    assert child.stdout is not None  # noqa: S101 — asked for above
    for line in child.stdout:
        last = [*last, line.rstrip()][-15:]
        if (found := COLLECTING.match(line)) and total:
            seen.add(found[1].lower())
            say(f"  {min(len(seen), total):>3}/{total}  {found[1]}", passing=True)
        elif INSTALLING.match(line) and total:
            say("  unpacking", passing=True)
    if child.wait() != 0:
        raise Failed(
            "pip could not install the packages. Is the network there? Its last words:\n"
            + "\n".join(f"    {line}" for line in last)
        )


def say(text: str, *, passing: bool = False) -> None:
    """A line; a passing one is overwritten by the next on a terminal, and left out elsewhere."""
    terminal = sys.stdout.isatty()
    if passing and not terminal:
        return
    clear = "\r\x1b[K" if terminal else ""
    print(f"{clear}{text}", end="" if passing else "\n", flush=True)


def own_packages() -> list[Path]:
    """The folders of our packages, dependencies first."""
    folders = [ROOT / "shared", ROOT / "gateway", ROOT / "deploy" / "local", *sorted((ROOT / "services").glob("*"))]
    return [folder for folder in folders if (folder / "pyproject.toml").exists()]


def digest(paths: list[Path]) -> str:
    sums = hashlib.sha256()
    for path in paths:
        sums.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return sums.hexdigest()


@contextmanager
def one_at_a_time() -> Iterator[None]:
    with (ROOT / "requirements.txt").open(encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    os.environ.pop("PIP_REQUIRE_VIRTUALENV", None)
    sys.exit(main(sys.argv[1], sys.argv[2]))
