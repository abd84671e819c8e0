"""A newcomer: an acknowledged change of role or session holds from his very next request on."""

from __future__ import annotations

import requests

from tests.chaos.client import Tally
from tests.support.client import Phone, UnexpectedAnswer

ROLE_IS_LATE = "a role that was acknowledged was not known at the next request"


def see_a_newcomer_in_and_out(url: str, city: str, society: str, tally: Tally) -> None:
    """Sign in without a role, get one, use it at once, sign out, and try to go on. A fault on the way ends it early."""
    phone = Phone(url)
    try:
        phone.sign_in()
        if _status(phone, "GET", "/consumer/wallet") != 403:
            return
        basics = {"name": "Meera Joshi", "city": city, "society": society, "role": "consumer"}
        if _status(phone, "POST", "/onboarding/basic", basics) != 200:
            return
        if _status(phone, "GET", "/consumer/wallet") in (401, 403):
            tally.violation(ROLE_IS_LATE)
        if _status(phone, "POST", "/logout") != 200:
            return
        if _status(phone, "GET", "/me") == 200:
            tally.violation("a session that was ended let the next request in")
        tally.count(tally.ended, ("newcomer", "ok"))
    except (UnexpectedAnswer, requests.RequestException):
        tally.count(tally.unknown, "newcomer")


def _status(phone: Phone, method: str, path: str, body: object = None) -> int:
    return phone.raw(method, path, json=body).status_code
