"""An administrator's acts at the service that owns what they touch, as the admin service has them done."""

from __future__ import annotations

import secrets
from typing import Any

from werkzeug.test import TestResponse

from habrio_shared.contracts.acts import ActOutcome
from habrio_shared.contracts.message import Message
from tests.support.signed import Signed


def body_of(act_id: str = "", **facts: Any) -> dict[str, Any]:
    """What an act says: an id of its own and a reason, unless `facts` say otherwise."""
    return {"act_id": act_id or secrets.token_hex(8), "reason": "Because", **facts}


def ask(who: Signed, message: Message[Any, ActOutcome], body: object) -> TestResponse:
    """The answer to one delivery of the act."""
    act_id = body.get("act_id") if isinstance(body, dict) else None
    headers = {"X-Message-Id": f"act:{act_id or secrets.token_hex(8)}"}
    return who.request("POST", f"/internal/messages/{message.kind}", json=body, headers=headers)


def outcome(who: Signed, message: Message[Any, ActOutcome], **facts: Any) -> ActOutcome:
    """What came of the act."""
    answer = ask(who, message, body_of(**facts))
    assert answer.status_code == 200, answer.get_data(as_text=True)[:800]
    return ActOutcome.model_validate(answer.get_json()["reply"])


def done(who: Signed, message: Message[Any, ActOutcome], **facts: Any) -> ActOutcome:
    """The same of one that is not refused."""
    found = outcome(who, message, **facts)
    assert found.refusal is None, found.refusal
    return found


def refused(who: Signed, message: Message[Any, ActOutcome], **facts: Any) -> tuple[int, str]:
    """Status and word of the refusal."""
    found = outcome(who, message, **facts)
    assert found.refusal is not None, found
    return found.refusal.status, found.refusal.word
