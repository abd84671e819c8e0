"""/auth/refresh, /logout and /auth/sessions; the first two also for the administrators' page."""

from __future__ import annotations

from habrio_auth.sessions.errors import AccountSuspended, InvalidRefreshToken, SessionNotFound
from habrio_auth.sessions.logout import logout
from habrio_auth.sessions.queries import page_of_live_sessions
from habrio_auth.sessions.refresh import refresh
from habrio_auth.sessions.revoke import revoke
from habrio_auth.sessions.schemas import EndIn, LogoutIn, RefreshIn, SessionRow, SessionsOut, TokenPair
from habrio_shared.api import ApiBlueprint
from habrio_shared.contracts.sessions import ADMIN_LOG_OUT_PATH, ADMIN_REFRESH_PATH
from habrio_shared.identity import Caller, internal_only, public, signed_in
from habrio_shared.schemas import Message, PagedQuery, next_cursor

bp = ApiBlueprint("sessions")


@bp.post("/auth/refresh", errors=(InvalidRefreshToken, AccountSuspended))
@public
def refresh_tokens(body: RefreshIn) -> TokenPair:
    """Spend a refresh token for a new pair of tokens.

    A refresh token is good once: spending it again ends its whole session.
    """
    return refresh(body.refresh_token)


@bp.post("/logout")
@signed_in
def log_out(body: LogoutIn, caller: Caller) -> Message:
    """Log out of this session, or of all."""
    return logout(caller.user_id, caller.session_id, everywhere=body.everywhere)


@bp.get("/auth/sessions")
@signed_in
def sessions(query: PagedQuery, caller: Caller) -> SessionsOut:
    """Where you are logged in."""
    found = page_of_live_sessions(caller.user_id, limit=query.size + 1, before_id=query.cursor)
    return SessionsOut(
        sessions=[
            SessionRow(
                id=row.id,
                device=row.device,
                created_at=row.created_at,
                last_seen=row.seen_at,
                current=row.sid == caller.session_id,
            )
            for row in found[: query.size]
        ],
        next_cursor=next_cursor([row.id for row in found], query.size),
    )


@bp.post("/auth/sessions/<id:session_id>/revoke", errors=(SessionNotFound,))
@signed_in
def revoke_one(session_id: int, caller: Caller) -> Message:
    """End one of your sessions."""
    revoke(caller.user_id, session_id)
    return Message(message="The session has ended")


@bp.post(ADMIN_REFRESH_PATH, errors=(InvalidRefreshToken, AccountSuspended))
@internal_only("admin")
def refresh_administrator(body: RefreshIn) -> TokenPair:
    """Spend the refresh token of somebody at the administrators' page."""
    return refresh(body.refresh_token)


@bp.post(ADMIN_LOG_OUT_PATH)
@internal_only("admin")
def log_administrator_out(body: EndIn) -> Message:
    """Somebody leaves the administrators' page."""
    return logout(body.user_id, body.session_id, everywhere=False)
