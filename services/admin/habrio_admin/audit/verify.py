"""The proof of the audit log: every entry is as it was written, none is missing, none was put between."""

from __future__ import annotations

from dataclasses import dataclass

from habrio_admin.audit.queries import head, in_order
from habrio_admin.audit.rules import Break, walk


@dataclass(frozen=True, slots=True)
class Verdict:
    """`entries` are right, from the first on; `hash` is the last one's. `first_break` is None if the chain is whole."""

    entries: int
    hash: str
    first_break: Break | None


def verify(witness: tuple[int, str] | None = None) -> Verdict:
    """Follow the chain to where it ends when asked, while administrators go on acting.

    `witness`: the number and the hash of an entry, as somebody outside has noted them: with it even a chain that was
    written anew from some entry on is found out.
    """
    end = head()
    right, first_break = 0, None
    for found in walk((entry.link() for entry in in_order(end.number)), end.number, end.hash):
        if isinstance(found, Break):
            first_break = found
        else:
            right = found
    if first_break is None and witness is not None:
        first_break = _against(witness, right)
    return Verdict(right, end.hash, first_break)


def _against(witness: tuple[int, str], entries: int) -> Break | None:
    number, expected = witness
    if number > entries:
        return Break(entries + 1, f"is missing: entry {number} has been seen")
    for entry in in_order(number):
        if entry.number == number and entry.hash != expected:
            return Break(number, "is not the one that was seen")
    return None
