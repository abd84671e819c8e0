"""`habrio ledger verify`: both ledgers and what is between them, proven on the databases of a stack, which may run."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from sqlalchemy.exc import DBAPIError

from habrio_local.console import Console
from habrio_local.problem import Problem
from habrio_shared import ledger
from habrio_shared.settings import sqlalchemy_url

SIDES = ("consumer", "vendor")


def verify(urls: Mapping[str, str], console: Console) -> int:
    """The exit status: 0 if all is right, else 1 with a line for each problem. `urls` are DATABASE_URLs by service.

    Raises Problem when a database cannot be read.
    """
    consumer, vendor = (ledger.Ledger(sqlalchemy_url(urls[side], side), _own_problems(side)) for side in SIDES)
    try:
        found = ledger.verify_both(consumer, vendor)
    except DBAPIError as error:
        raise Problem(f"The ledgers cannot be read: {str(error.orig).strip()}") from error
    for side, verdict in zip(SIDES, (found.consumer, found.vendor), strict=True):
        console.say(f"{side:<10}{verdict.entries} entries, {verdict.postings} postings")
    how = "in one snapshot" if found.is_one_instant else "in three looks, for the databases share no snapshot"
    console.say(f"{'clearing':<10}{found.clearing.in_flight_paise} paise in flight, read {how}")
    for problem in found.problems:
        console.problem(problem)
    console.say("The ledgers are right." if found.is_right else f"The ledgers are wrong by {found.paise_off} paise.")
    return 0 if found.is_right else 1


def _own_problems(service: str) -> ledger.OwnProblems:
    import_module(f"habrio_{service}.app")  # its tables name each other: all of them have to be known
    own: ledger.OwnProblems = import_module(f"habrio_{service}.wallet.proof").problems
    return own
