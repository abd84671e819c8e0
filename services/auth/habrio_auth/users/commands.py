"""`flask create-admin`, `set-role`, `suspend`, `restore`: what an operator does at the keyboard."""

from __future__ import annotations

from typing import cast, get_args

import click
from flask import Flask

from habrio_auth.settings import current_settings
from habrio_auth.users import queries
from habrio_auth.users.create_admin import ensure_admin
from habrio_auth.users.errors import UserNotFound
from habrio_auth.users.restore import restore
from habrio_auth.users.rules import NotAPhone, e164
from habrio_auth.users.set_role import set_role
from habrio_auth.users.suspend import suspend
from habrio_shared.contracts.users import UserRole


def register_commands(app: Flask) -> None:
    """Add the commands to `flask` in the auth service's folder."""

    @app.cli.command("create-admin")
    @click.argument("phone")
    def create_admin(phone: str) -> None:
        """Make PHONE an administrator; a new user if there is none."""
        phone = _e164(phone)
        made = ensure_admin(phone)
        click.echo(f"{phone} is an administrator{'' if made else ' already'}")

    @app.cli.command("set-role")
    @click.argument("phone")
    @click.argument("role", type=click.Choice(get_args(UserRole)))
    def change_role(phone: str, role: str) -> None:
        """Give PHONE another ROLE; the next request is judged by it."""
        user = set_role(_user_id(phone), cast(UserRole, role))
        click.echo(f"{user.phone} has the role {role} now")

    @app.cli.command("suspend")
    @click.argument("phone")
    def suspend_user(phone: str) -> None:
        """Refuse PHONE from the next request on and end its sessions."""
        user = suspend(_user_id(phone))
        click.echo(f"{user.phone} is suspended")

    @app.cli.command("restore")
    @click.argument("phone")
    def restore_user(phone: str) -> None:
        """Let PHONE log in again."""
        user = restore(_user_id(phone))
        click.echo(f"{user.phone} may log in again")


def _e164(text: str) -> str:
    try:
        return e164(text, current_settings().default_region)
    except NotAPhone as error:
        raise click.BadParameter(str(error), param_hint="PHONE") from error


def _user_id(text: str) -> int:
    phone = _e164(text)
    try:
        return queries.user_by_phone(phone).id
    except UserNotFound as error:
        raise click.ClickException(f"there is no user with the phone {phone}") from error
