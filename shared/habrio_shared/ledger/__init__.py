"""Double-entry ledger in integer paise (DESIGN.md §5): post entries, read accounts, prove the whole.

A wallet is `Account("wallet:17", floor_paise=0)`, a clearing account `Account("due:vendor")`. An entry is posted in the
transaction of the change that it pays for: `post(session, Entry("hold:5", "hold", moves((wallet, ESCROW, paise))))`.
"""

from habrio_shared.ledger.both import Ledger, Whole, verify_both
from habrio_shared.ledger.clearing import Clearing, Side, compare
from habrio_shared.ledger.entry import Account, Entry, Posting, moves
from habrio_shared.ledger.errors import AlreadyResolved, InsufficientFunds, LedgerConflict
from habrio_shared.ledger.post import post
from habrio_shared.ledger.proof import KeptVerdict, is_due, keep, latest_verdict, prove, prove_nightly, set_up
from habrio_shared.ledger.queries import MoneyMove, Movement, balance, history, is_posted, moves_of, resolved_by
from habrio_shared.ledger.routes import blueprint
from habrio_shared.ledger.tables import append_only_ddl, metadata, verdict_metadata
from habrio_shared.ledger.verify import OwnProblems, Problem, Verdict, unmatched, verify

__all__ = [
    "Account",
    "AlreadyResolved",
    "Clearing",
    "Entry",
    "InsufficientFunds",
    "KeptVerdict",
    "Ledger",
    "LedgerConflict",
    "MoneyMove",
    "Movement",
    "OwnProblems",
    "Posting",
    "Problem",
    "Side",
    "Verdict",
    "Whole",
    "append_only_ddl",
    "balance",
    "blueprint",
    "compare",
    "history",
    "is_due",
    "is_posted",
    "keep",
    "latest_verdict",
    "metadata",
    "moves",
    "moves_of",
    "post",
    "prove",
    "prove_nightly",
    "resolved_by",
    "set_up",
    "unmatched",
    "verdict_metadata",
    "verify",
    "verify_both",
]
