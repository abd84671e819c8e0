"""/admin/issues."""

from __future__ import annotations

from habrio_admin.acts.act import act, new_id
from habrio_admin.acts.errors import ActUnfinished
from habrio_admin.acts.schemas import Acted
from habrio_admin.clients import vendor
from habrio_admin.issues.schemas import AnswerIn, IssueData, IssuesOut, IssuesQuery
from habrio_shared.api import ApiBlueprint
from habrio_shared.contracts.acts import RESOLVE_ISSUE, ResolveIssue
from habrio_shared.errors import BadRequest, Unavailable
from habrio_shared.identity import Caller, role_required

bp = ApiBlueprint("issues")


@bp.get("/admin/issues", errors=(Unavailable,))
@role_required("admin")
def issues(query: IssuesQuery) -> IssuesOut:
    """What was wrong with orders, of every shop, newest first."""
    page = vendor.issues(
        limit=query.size, cursor=query.cursor, status=query.status, shop_id=query.shop_id, order_id=query.order_id
    )
    return IssuesOut(issues=[IssueData(**issue.model_dump()) for issue in page.issues], next_cursor=page.next_cursor)


@bp.post("/admin/issues/<id:issue_id>/resolve", errors=(BadRequest, ActUnfinished), idempotent=True, may_end_later=True)
@role_required("admin")
def resolve(issue_id: int, body: AnswerIn, caller: Caller) -> tuple[Acted, int]:
    """Answer an issue, which resolves it; the consumer reads the answer with the order.

    400 for one that is resolved already.
    """
    wanted = ResolveIssue(act_id=new_id(), issue_id=issue_id, answer=body.answer)
    return act(caller, RESOLVE_ISSUE, wanted, target=f"issue:{issue_id}", done="The issue has been resolved")
