"""/admin/reviews, and the decisions."""

from __future__ import annotations

from habrio_admin.acts.errors import ActUnfinished
from habrio_admin.acts.schemas import Acted
from habrio_admin.reviews.decide import decide_on_document, decide_on_vendor
from habrio_admin.reviews.list_waiting import list_waiting
from habrio_admin.reviews.schemas import ReviewIn, ReviewsOut, ReviewsQuery
from habrio_shared.api import ApiBlueprint
from habrio_shared.errors import Unavailable
from habrio_shared.identity import Caller, role_required

bp = ApiBlueprint("reviews")


@bp.get("/admin/reviews", errors=(Unavailable,))
@role_required("admin")
def reviews(query: ReviewsQuery) -> ReviewsOut:
    """What waits for a decision: vendors' businesses and documents, or those of another status."""
    return list_waiting(query)


@bp.post("/admin/vendors/<id:vendor_id>/review", errors=(ActUnfinished,), idempotent=True, may_end_later=True)
@role_required("admin")
def review_vendor(vendor_id: int, body: ReviewIn, caller: Caller) -> tuple[Acted, int]:
    """Approve or reject a vendor's business; the vendor reads the reason."""
    return decide_on_vendor(caller, vendor_id, body)


@bp.post("/admin/documents/<id:document_id>/review", errors=(ActUnfinished,), idempotent=True, may_end_later=True)
@role_required("admin")
def review_document(document_id: int, body: ReviewIn, caller: Caller) -> tuple[Acted, int]:
    """Approve or reject a document; the vendor reads the reason."""
    return decide_on_document(caller, document_id, body)
