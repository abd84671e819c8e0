"""What the admin service asks a service that keeps a ledger, to prove both of them together."""

from __future__ import annotations

from pydantic import BaseModel

LEDGER_PATH = "/internal/admin/ledger"
"""GET, for the admin service (`part`: all, or clearing) → LedgerOut: the proof of the service's own ledger, if all is
asked for, and its clearing account, in one snapshot."""

PROOF_TIMEOUT_SECONDS = 18.0
"""How long a proof is waited for; nginx waits a little longer for the answer that is made of three of them."""


class LedgerProblem(BaseModel):
    """`check` failed at `where`, by so many paise (0 where no amount is wrong)."""

    check: str
    where: str
    off_by_paise: int


class LedgerVerdict(BaseModel):
    """A ledger without problems is right."""

    entries: int
    postings: int
    problems: list[LedgerProblem]


class LedgerOut(BaseModel):
    """`verdict` is null if only the clearing account was asked for: what it got (positive) and gave by each entry, and
    the orders of which the service still has to tell the other one."""

    verdict: LedgerVerdict | None
    paise_by_entry: dict[str, int]
    carried: list[str]
