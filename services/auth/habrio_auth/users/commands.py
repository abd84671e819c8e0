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


def _phone(_context: click.Context, _parameter: click.Parameter, text: str) -> str:
    try:
        return e164(text, current_settings().default_region)
    except NotAPhone as error:
        raise click.BadParameter(str(error)) from error


phone_argument = click.argument("phone", callback=_phone)


def register_commands(app: Flask) -> None:
    """Add the commands to `flask` in the auth service's folder."""

    @app.cli.command("create-admin")
    @phone_argument
    def create_admin(phone: str) -> None:
        """Make PHONE an administrator; a new user if there is none."""
        made = ensure_admin(phone)
        click.echo(f"{phone} is an administrator{'' if made else ' already'}")

    @app.cli.command("set-role")
    @phone_argument
    @click.argument("role", type=click.Choice(get_args(UserRole)))
    def change_role(phone: str, role: str) -> None:
        """Give PHONE another ROLE; the next request is judged by it."""
        set_role(_user_id(phone), cast(UserRole, role))
        click.echo(f"{phone} has the role {role} now")

    @app.cli.command("suspend")
    @phone_argument
    def suspend_user(phone: str) -> None:
        """Refuse PHONE from the next request on and end its sessions."""
        suspend(_user_id(phone))
        click.echo(f"{phone} is suspended")

    @app.cli.command("restore")
    @phone_argument
    def restore_user(phone: str) -> None:
        """Let PHONE log in again."""
        restore(_user_id(phone))
        click.echo(f"{phone} may log in again")


def _user_id(phone: str) -> int:
    try:
        return queries.user_by_phone(phone).id
    except UserNotFound as error:
        raise click.ClickException(f"there is no user with the phone {phone}") from error
