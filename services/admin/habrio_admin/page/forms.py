"""Each form that is shown carries a word of ours, signed: it proves whom it was shown to, and makes it one act."""

from __future__ import annotations

import hashlib
import secrets

from flask import request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from habrio_admin.page.errors import ForeignForm
from habrio_admin.settings import current_settings
from habrio_shared.idempotency import IdempotencyKey
from habrio_shared.identity import Caller

FIELD = "form"
LIFETIME_SECONDS = 24 * 3600
"""Less than idempotency keys are kept, so that no form acts twice."""


def form_word(caller: Caller) -> str:
    """A new word for a form that is shown to `caller` in the session they have."""
    return _signer().dumps([caller.session_id, secrets.token_urlsafe(12)])


def check_form(caller: Caller) -> IdempotencyKey:
    """The key of the form that was sent; ForeignForm unless it was shown to this session within a day."""
    word = request.form.get(FIELD, "")
    try:
        session_id, nonce = _signer().loads(word, max_age=LIFETIME_SECONDS)
    except (BadSignature, ValueError, TypeError) as error:
        raise ForeignForm from error
    if session_id != caller.session_id:
        raise ForeignForm
    digest = hashlib.sha256(repr(sorted(request.form.items())).encode()).hexdigest()
    return IdempotencyKey(caller.user_id, request.method, request.path, f"page:{nonce}", digest)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_settings().secret_key.get_secret_value(), salt="habrio.admin.page-form")
