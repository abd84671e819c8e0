"""What an administrator does to users, shops, documents, issues, wallets and messages: messages of the admin service.

Each carries the id of its act, which is the message's id too: however often it is delivered it is done once, and the
reply tells what it changed, or why it was refused (ADR 0016).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from habrio_shared.contracts.kyc import Decision
from habrio_shared.contracts.message import Message
from habrio_shared.contracts.wallets import PaiseToMove
from habrio_shared.schemas import Id, Paragraph, Required

Facts = dict[str, str | int | bool | None]
"""What an act touches, by name; amounts are whole paise, and their names end with `_paise`."""

GivenRole = Literal["consumer", "vendor"]
"""What administrators may make of a user. Administrators are made by `flask create-admin` alone (API.md)."""


class Act(BaseModel):
    """`act_id` is the admin service's, unique for ever."""

    model_config = ConfigDict(strict=True)

    act_id: str

    @property
    def why(self) -> str:
        """What the audit log says why; "" where nobody is asked."""
        return ""


class ReasonedAct(Act):
    """An act that has to say why."""

    reason: Required

    @property
    def why(self) -> str:
        return self.reason


class UserAct(ReasonedAct):
    user_id: Id


class SetRole(UserAct):
    role: GivenRole


class ReviewVendor(ReasonedAct):
    """The vendor's business; the vendor reads the reason."""

    vendor_id: Id
    decision: Decision


class ReviewDocument(ReasonedAct):
    """The vendor reads the reason."""

    document_id: Id
    decision: Decision


class MarkShop(ReasonedAct):
    """Whether the shop is to have the mark; its vendor reads the reason."""

    shop_id: Id
    value: bool


class ResolveIssue(Act):
    issue_id: Id
    answer: Annotated[Paragraph, Field(min_length=1)]

    @property
    def why(self) -> str:
        return self.answer


class Adjustment(ReasonedAct):
    """Give to this user's wallet, or take from it with a negative amount, never below 0."""

    user_id: Id
    amount_paise: PaiseToMove


class ReplayEvent(Act):
    """Have the message of the target's outbox row `event_id` delivered again at once."""

    event_id: Id


class ActRefusal(BaseModel):
    """The owner of what was to be changed said no: an HTTP status of 400 to 409, a word, a sentence for a person."""

    status: int = Field(ge=400, lt=500)
    word: str
    message: str


class ActOutcome(BaseModel):
    """What the act touched, before it and after; or `refusal`, and then nothing was changed."""

    before: Facts = Field(default_factory=dict)
    after: Facts = Field(default_factory=dict)
    refusal: ActRefusal | None = None


SUSPEND_USER = Message("acts.suspend_user", sender="admin", target="auth", body=UserAct, reply=ActOutcome)
RESTORE_USER = Message("acts.restore_user", sender="admin", target="auth", body=UserAct, reply=ActOutcome)
END_SESSIONS = Message("acts.end_sessions", sender="admin", target="auth", body=UserAct, reply=ActOutcome)
SET_ROLE = Message("acts.set_role", sender="admin", target="auth", body=SetRole, reply=ActOutcome)
REVIEW_VENDOR = Message("acts.review_vendor", sender="admin", target="vendor", body=ReviewVendor, reply=ActOutcome)
REVIEW_DOCUMENT = Message(
    "acts.review_document", sender="admin", target="vendor", body=ReviewDocument, reply=ActOutcome
)
VERIFY_SHOP = Message("acts.verify_shop", sender="admin", target="vendor", body=MarkShop, reply=ActOutcome)
FEATURE_SHOP = Message("acts.feature_shop", sender="admin", target="vendor", body=MarkShop, reply=ActOutcome)
RESOLVE_ISSUE = Message("acts.resolve_issue", sender="admin", target="vendor", body=ResolveIssue, reply=ActOutcome)
ADJUST_CONSUMER = Message("acts.adjust_consumer", sender="admin", target="consumer", body=Adjustment, reply=ActOutcome)
ADJUST_VENDOR = Message("acts.adjust_vendor", sender="admin", target="vendor", body=Adjustment, reply=ActOutcome)
REPLAY_OF_CONSUMER = Message(
    "acts.replay_of_consumer", sender="admin", target="consumer", body=ReplayEvent, reply=ActOutcome
)
REPLAY_OF_VENDOR = Message("acts.replay_of_vendor", sender="admin", target="vendor", body=ReplayEvent, reply=ActOutcome)
