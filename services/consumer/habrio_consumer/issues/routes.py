"""/consumer/orders/<id>/issue."""

from __future__ import annotations

from habrio_consumer.issues.errors import TooManyIssues
from habrio_consumer.issues.open import open_issue
from habrio_consumer.issues.schemas import IssueIn, IssueMade
from habrio_consumer.orders.errors import NotDelivered, NotYourOrder, OrderNotFound
from habrio_shared.api import ApiBlueprint
from habrio_shared.identity import Caller, role_required

bp = ApiBlueprint("issues")


@bp.post(
    "/consumer/orders/<id:order_id>/issue",
    errors=(OrderNotFound, NotYourOrder, NotDelivered, TooManyIssues),
    idempotent=True,
)
@role_required("consumer")
def raise_issue(order_id: int, body: IssueIn, caller: Caller) -> IssueMade:
    """Say what is wrong with a delivered order."""
    return open_issue(caller.user_id, order_id, body)
