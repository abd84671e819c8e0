"""A business or a document is approved or rejected; the vendor reads the reason."""

from __future__ import annotations

from habrio_admin.acts.act import act, new_id
from habrio_admin.acts.schemas import Acted
from habrio_admin.reviews.schemas import ReviewIn
from habrio_shared.contracts.acts import REVIEW_DOCUMENT, REVIEW_VENDOR, ReviewDocument, ReviewVendor
from habrio_shared.contracts.kyc import REVIEWED
from habrio_shared.identity import Caller


def decide_on_vendor(caller: Caller, vendor_id: int, review: ReviewIn) -> tuple[Acted, int]:
    """As `act`: the vendor's refusal, ActUnfinished."""
    wanted = ReviewVendor(act_id=new_id(), vendor_id=vendor_id, decision=review.decision, reason=review.reason)
    done = f"The vendor has been {REVIEWED[review.decision]}"
    return act(caller, REVIEW_VENDOR, wanted, target=f"vendor:{vendor_id}", done=done)


def decide_on_document(caller: Caller, document_id: int, review: ReviewIn) -> tuple[Acted, int]:
    """As `act`: the vendor's refusal, ActUnfinished."""
    wanted = ReviewDocument(act_id=new_id(), document_id=document_id, decision=review.decision, reason=review.reason)
    done = f"The document has been {REVIEWED[review.decision]}"
    return act(caller, REVIEW_DOCUMENT, wanted, target=f"document:{document_id}", done=done)
