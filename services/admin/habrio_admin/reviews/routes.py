"""/admin/reviews, and the decisions."""

from __future__ import annotations

from habrio_admin.acts.act import act, new_id
from habrio_admin.acts.errors import ActUnfinished
from habrio_admin.acts.schemas import Acted
from habrio_admin.clients import vendor
from habrio_admin.reviews.schemas import DocumentData, ReviewIn, ReviewsOut, ReviewsQuery, VendorData
from habrio_shared.api import ApiBlueprint
from habrio_shared.contracts.acts import REVIEW_DOCUMENT, REVIEW_VENDOR, ReviewDocument, ReviewVendor
from habrio_shared.contracts.kyc import REVIEWED
from habrio_shared.errors import Unavailable
from habrio_shared.identity import Caller, role_required

bp = ApiBlueprint("reviews")


@bp.get("/admin/reviews", errors=(Unavailable,))
@role_required("admin")
def reviews(query: ReviewsQuery) -> ReviewsOut:
    """What waits for a decision: vendors' businesses and documents, or those of another status."""
    status = None if query.status == "all" else query.status
    vendors = vendor.vendors(limit=query.size, cursor=query.vendor_cursor, status=status)
    documents = vendor.documents(limit=query.size, cursor=query.cursor, status=status, vendor_id=query.vendor_id)
    return ReviewsOut(
        vendors=[VendorData(**found.model_dump()) for found in vendors.vendors],
        next_vendor_cursor=vendors.next_cursor,
        documents=[DocumentData(**found.model_dump()) for found in documents.documents],
        next_cursor=documents.next_cursor,
    )


@bp.post("/admin/vendors/<id:vendor_id>/review", errors=(ActUnfinished,), idempotent=True, may_end_later=True)
@role_required("admin")
def review_vendor(vendor_id: int, body: ReviewIn, caller: Caller) -> tuple[Acted, int]:
    """Approve or reject a vendor's business; the vendor reads the reason."""
    wanted = ReviewVendor(act_id=new_id(), vendor_id=vendor_id, decision=body.decision, reason=body.reason)
    done = f"The vendor has been {REVIEWED[body.decision]}"
    return act(caller, REVIEW_VENDOR, wanted, target=f"vendor:{vendor_id}", done=done)


@bp.post("/admin/documents/<id:document_id>/review", errors=(ActUnfinished,), idempotent=True, may_end_later=True)
@role_required("admin")
def review_document(document_id: int, body: ReviewIn, caller: Caller) -> tuple[Acted, int]:
    """Approve or reject a document; the vendor reads the reason."""
    wanted = ReviewDocument(act_id=new_id(), document_id=document_id, decision=body.decision, reason=body.reason)
    done = f"The document has been {REVIEWED[body.decision]}"
    return act(caller, REVIEW_DOCUMENT, wanted, target=f"document:{document_id}", done=done)
