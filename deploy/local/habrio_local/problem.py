"""The one kind of failure that is told to the person at the terminal without a traceback."""

from __future__ import annotations


class Problem(Exception):
    """Something that the person can mend; the message says what is wrong and what to do, in one or two sentences."""
