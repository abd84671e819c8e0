"""Double-entry ledger in integer paise (DESIGN.md §5): post entries, read accounts, prove the whole.

A wallet is `Account("wallet:17", floor_paise=0)`, a clearing account `Account("due:vendor")`. An entry is posted in the
transaction of the change that it pays for: `post(session, Entry("hold:5", "hold", moves((wallet, ESCROW, paise))))`.
"""

from habrio_shared.ledger.entry import Account, Entry, Posting, moves
from habrio_shared.ledger.errors import AlreadyResolved, InsufficientFunds, LedgerConflict
from habrio_shared.ledger.post import post
from habrio_shared.ledger.queries import MoneyMove, Movement, balance, history, is_posted, moves_of, resolved_by
from habrio_shared.ledger.tables import append_only_ddl, metadata
from habrio_shared.ledger.verify import Problem, Verdict, verify

__all__ = [
    "Account",
    "AlreadyResolved",
    "Entry",
    "InsufficientFunds",
    "LedgerConflict",
    "MoneyMove",
    "Movement",
    "Posting",
    "Problem",
    "Verdict",
    "append_only_ddl",
    "balance",
    "history",
    "is_posted",
    "metadata",
    "moves",
    "moves_of",
    "post",
    "resolved_by",
    "verify",
]
