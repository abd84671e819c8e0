"""Both ledgers of a running platform, proven: each right in itself, both agreeing on what is due, at any time."""

from __future__ import annotations

import habrio_consumer.app
import habrio_consumer.wallet.proof
import habrio_vendor.app
import habrio_vendor.wallet.proof  # the apps above: their tables name each other, and all have to be known
from habrio_shared import ledger
from tests.support.stack import Stack
from tests.support.waiting import until

SETTLING_SECONDS = 20


def prove(stack: Stack) -> ledger.Whole:
    """The whole proof over the stack's databases, while people trade or not: `.problems` is empty when all is right."""
    return prove_urls(stack.database_url("consumer"), stack.database_url("vendor"))


def prove_urls(consumer_url: str, vendor_url: str) -> ledger.Whole:
    """The same on databases that SQLAlchemy's URLs name, with all that either service can say of its ledger."""
    return ledger.verify_both(
        ledger.Ledger(consumer_url, habrio_consumer.wallet.proof.problems),
        ledger.Ledger(vendor_url, habrio_vendor.wallet.proof.problems),
    )


def verdict(stack: Stack, service: str) -> ledger.Verdict:
    """What the proof says of one service's ledger now, in one snapshot."""
    found = prove(stack)
    return {"consumer": found.consumer, "vendor": found.vendor}[service]


def assert_books_balance(stack: Stack) -> None:
    """All is right at once; what is in flight between the ledgers arrives."""
    assert prove(stack).problems == []
    until(lambda: _in_flight(stack) == 0, seconds=SETTLING_SECONDS, what="what is due to vendors is settled")


def _in_flight(stack: Stack) -> int:
    found = prove(stack)
    assert found.problems == []
    return found.clearing.in_flight_paise
