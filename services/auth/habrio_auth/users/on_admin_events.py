"""What administrators do to users: obeyed by the very next request, for the gateway reads session_view each time."""

from __future__ import annotations

from sqlalchemy.orm import Session

from habrio_auth.sessions.queries import number_of_live
from habrio_auth.sessions.revoke import revoke_all
from habrio_auth.users.models import User
from habrio_auth.users.queries import locked_leaving_an_administrator, locked_user
from habrio_auth.users.set_role import give_role
from habrio_auth.users.suspend import shut_out
from habrio_shared import acts
from habrio_shared.contracts.acts import END_SESSIONS, RESTORE_USER, SET_ROLE, SUSPEND_USER, Facts, SetRole, UserAct


@acts.on(SUSPEND_USER)
def on_suspend(session: Session, act: UserAct) -> acts.Change:
    """UserNotFound, LastAdministrator."""
    user = locked_leaving_an_administrator(session, act.user_id)
    before = _standing(session, user)
    shut_out(session, user)
    return acts.Change(before, _standing(session, user))


@acts.on(RESTORE_USER)
def on_restore(session: Session, act: UserAct) -> acts.Change:
    """The sessions that the suspension ended stay ended. UserNotFound."""
    user = locked_user(session, act.user_id)
    before: Facts = {"status": user.status}
    user.status = "active"
    return acts.Change(before, {"status": user.status})


@acts.on(SET_ROLE)
def on_set_role(session: Session, act: SetRole) -> acts.Change:
    """UserNotFound, LastAdministrator."""
    user = locked_leaving_an_administrator(session, act.user_id)
    before: Facts = {"role": user.role}
    give_role(user, act.role)
    return acts.Change(before, {"role": user.role})


@acts.on(END_SESSIONS)
def on_end_sessions(session: Session, act: UserAct) -> acts.Change:
    """UserNotFound."""
    user = locked_user(session, act.user_id)
    before: Facts = {"live_sessions": number_of_live(session, user.id)}
    revoke_all(session, user.id)
    return acts.Change(before, {"live_sessions": number_of_live(session, user.id)})


def _standing(session: Session, user: User) -> Facts:
    return {"status": user.status, "live_sessions": number_of_live(session, user.id)}
