"""Running as root: PostgreSQL refuses to, so it and nginx's workers run as a user who must reach their files."""

from __future__ import annotations

import grp
import os
import pwd
import subprocess
from pathlib import Path

from habrio_local.problem import Problem
from habrio_local.process import Account

USER_NAMES = ("postgres", "nobody")


def unprivileged(data: Path) -> Account | None:
    """The user for parts that must not run as root: whoever owns `data` already, else `postgres`, else `nobody`.

    None when we are not root ourselves: then everything simply runs as us.
    """
    if os.geteuid() != 0:
        return None
    if data.exists() and data.stat().st_uid != 0:
        return _account(pwd.getpwuid(data.stat().st_uid))
    for name in USER_NAMES:
        try:
            return _account(pwd.getpwnam(name))
        except KeyError:
            continue
    raise Problem(
        "PostgreSQL does not run as root, and this machine has no user named postgres or nobody. Use an ordinary user."
    )


def can_run(account: Account | None, command: list[str]) -> bool:
    """True when the command succeeds as that user: the honest test of every permission on the way to a file."""
    try:
        done = subprocess.run(
            command,
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=30,
            check=False,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


def own(path: Path, account: Account | None, mode: int) -> None:
    """Make the folder if it is missing and give it to the account (to us when there is none)."""
    path.mkdir(mode=mode, parents=True, exist_ok=True)
    path.chmod(mode)
    if account is not None:
        os.chown(path, account.uid, account.gid)


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, grp.getgrgid(entry.pw_gid).gr_name)
