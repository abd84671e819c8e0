"""The ledgers' verdict on the wire."""

from __future__ import annotations

from pydantic import BaseModel

from habrio_shared.money import RupeesOut
from habrio_shared.schemas import Answer, Instant


class ProblemData(BaseModel):
    """`check` failed at `where`, by so much (0 where no amount is wrong; positive where there is too much)."""

    check: str
    where: str
    off_by: RupeesOut


class LedgerData(BaseModel):
    entries: int
    postings: int
    problems: list[ProblemData]


class ClearingData(BaseModel):
    """`in_flight` is what is due to vendors in the one ledger and not yet, or again, due in the other."""

    in_flight: RupeesOut
    problems: list[ProblemData]


class VerdictOut(Answer):
    """`is_right`: there is no problem at all. `off_by` adds all of them, signs left out. Of each list of problems the
    first 100 are shown."""

    is_right: bool
    off_by: RupeesOut
    consumer: LedgerData
    vendor: LedgerData
    clearing: ClearingData
    checked_at: Instant
