"""/admin/ledger."""

from __future__ import annotations

from habrio_admin.ledger.schemas import VerdictOut
from habrio_admin.ledger.verify import verify
from habrio_shared.api import ApiBlueprint
from habrio_shared.errors import BadGateway, Unavailable
from habrio_shared.identity import role_required

bp = ApiBlueprint("ledger")


@bp.get("/admin/ledger/verify", errors=(BadGateway, Unavailable))
@role_required("admin")
def verify_ledgers() -> VerdictOut:
    """Prove both ledgers to the paisa, and that they agree but for what is in flight."""
    return verify()
