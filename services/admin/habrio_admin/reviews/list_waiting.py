"""What waits for a decision, or was decided."""

from __future__ import annotations

from habrio_admin.clients import vendor
from habrio_admin.reviews.schemas import DocumentData, ReviewsOut, ReviewsQuery, VendorData


def list_waiting(query: ReviewsQuery) -> ReviewsOut:
    """One page of businesses and one of documents, newest first. Unavailable."""
    status = None if query.status == "all" else query.status
    vendors = vendor.vendors(limit=query.size, cursor=query.vendor_cursor, status=status)
    documents = vendor.documents(limit=query.size, cursor=query.cursor, status=status, vendor_id=query.vendor_id)
    return ReviewsOut(
        vendors=[VendorData(**found.model_dump()) for found in vendors.vendors],
        next_vendor_cursor=vendors.next_cursor,
        documents=[DocumentData(**found.model_dump()) for found in documents.documents],
        next_cursor=documents.next_cursor,
    )
