"""`flask verify-audit`: what an operator does at the keyboard, or a timer each night."""

from __future__ import annotations

import re

import click
from flask import Flask

from habrio_admin.audit.verify import verify

WITNESS = re.compile(r"([1-9][0-9]{0,15}):([0-9a-f]{64})")


def register_commands(app: Flask) -> None:
    """Add the command to `flask` in the admin service's folder."""

    @app.cli.command("verify-audit")
    @click.option("--witness", default="", help="NUMBER:HASH of an entry, as noted before outside of the database.")
    def verify_audit(witness: str) -> None:
        """Prove the chain of the audit log; names the first broken link. Exit status 1 if there is one."""
        seen = WITNESS.fullmatch(witness)
        if witness and seen is None:
            raise click.BadParameter("must be NUMBER:HASH, as this command prints it", param_hint="--witness")
        verdict = verify((int(seen[1]), seen[2]) if seen else None)
        if verdict.first_break is not None:
            click.echo(f"The audit log is broken: {verdict.first_break}; {verdict.entries} entries before are right.")
            raise SystemExit(1)
        click.echo(f"The audit log is whole: {verdict.entries} entries.")
        if verdict.entries:
            click.echo(f"Note outside of the database: {verdict.entries}:{verdict.hash}")
