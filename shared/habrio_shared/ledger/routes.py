"""`GET /internal/admin/ledger`: a service's ledger, proven for the admin service."""

from __future__ import annotations

from typing import Literal

from flask import current_app

from habrio_shared.api import ApiBlueprint
from habrio_shared.contracts.ledger import LEDGER_PATH, LedgerOut, LedgerProblem, LedgerVerdict
from habrio_shared.database import snapshot
from habrio_shared.identity import internal_only
from habrio_shared.ledger.clearing import SIDES
from habrio_shared.ledger.proof import proven
from habrio_shared.schemas import Answer, Query

blueprint = ApiBlueprint("ledger")


class LedgerQuery(Query):
    part: Literal["all", "clearing"] = "all"


class ProvenOut(Answer, LedgerOut):
    pass


@blueprint.get(LEDGER_PATH)
@internal_only("admin")
def show(query: LedgerQuery) -> ProvenOut:
    """The proof of this service's ledger, and its clearing account at the same instant."""
    with snapshot() as session:
        verdict = proven(session) if query.part == "all" else None
        side = SIDES[current_app.name](session)
    return ProvenOut(
        verdict=verdict
        and LedgerVerdict(
            entries=verdict.entries,
            postings=verdict.postings,
            problems=[LedgerProblem.model_validate(problem, from_attributes=True) for problem in verdict.problems],
        ),
        paise_by_entry=dict(side.paise_by_entry),
        carried=sorted(side.carried),
    )
