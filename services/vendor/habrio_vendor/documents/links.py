"""Links to uploaded files: signed, good for a few minutes, and good without a token.

The signature stands in the query, which no log of ours shows.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import NamedTuple

from itsdangerous import BadSignature, TimestampSigner

from habrio_shared.api import API_PREFIX
from habrio_vendor.documents.errors import LinkExpired, LinkNotValid
from habrio_vendor.settings import current_settings

FILES_RULE = "/document-files/<id:document_id>"
LIFETIME_SECONDS = 300
CLOCK_LEEWAY_SECONDS = 5
"""So far may the clocks of two machines that serve this differ."""


class Link(NamedTuple):
    """A path at the gateway, and until when it is good."""

    path: str
    expires_at: datetime


def link_to_file(document_id: int) -> Link:
    """A fresh link to the document's file."""
    signature = _signer().sign(str(document_id)).decode()
    expires_at = datetime.fromtimestamp(int(time.time()) + LIFETIME_SECONDS, UTC)
    return Link(f"{API_PREFIX}{FILES_RULE.partition('<')[0]}{document_id}?signature={signature}", expires_at)


def check(document_id: int, signature: str) -> None:
    """LinkNotValid unless we signed a link to this very document; LinkExpired once its time is over."""
    try:
        signed, signed_at = _signer().unsign(signature, return_timestamp=True)
    except BadSignature:
        raise LinkNotValid from None
    if signed != str(document_id).encode():
        raise LinkNotValid
    age_seconds = time.time() - signed_at.timestamp()
    if not -CLOCK_LEEWAY_SECONDS <= age_seconds <= LIFETIME_SECONDS:
        raise LinkExpired


def _signer() -> TimestampSigner:
    return TimestampSigner(current_settings().secret_key.get_secret_value(), salt="habrio.vendor.document-files")
