"""A payout provider: a local HTTP server that speaks the vendor service's protocol, and fails as it is told to."""

from __future__ import annotations

import contextlib
import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "the-key-of-the-provider"
HOLD_SECONDS_MAX = 30


@dataclass
class PayoutProvider:
    """`moods` are what befalls the POSTs to come, one each; then and without any, payouts are paid at once.

    `late`: pays, and answers when `go_on` is set; `dies`: pays, and breaks off in the middle of its answer;
    `takes it late`: does nothing before `go_on` is set, and then what it does to every id: pays it unless it is known;
    `hangs up`: pays, and ends before the first byte; `paid, then 500`; `500`, `503`, `garbage`, `another payout`: does
    nothing; `pending`: takes it, and pays when `pay_pending` is called; `failed` (200) and `422`: refuses it;
    `duplicate`: says 409 and does nothing; `misled`: pays and says 409.
    """

    url: str = ""
    moods: list[str] = field(default_factory=list)
    asks_to_fail: int = 0
    go_on: threading.Event = field(default_factory=threading.Event)
    turned_away: threading.Event = field(default_factory=threading.Event)
    payouts: dict[str, dict[str, Any]] = field(default_factory=dict)
    paid: Counter[str] = field(default_factory=Counter)
    requests: list[tuple[str, str]] = field(default_factory=list)
    strangers: int = 0
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def pay(self, payout: dict[str, Any], status: str = "paid") -> dict[str, Any]:
        """Take the payout up; `paid` counts how often money really went out."""
        with self._one_at_a_time:
            kept = {**payout, "status": status, "reference": "", "reason": ""}
            if status == "paid":
                self.paid[payout["id"]] += 1
                kept["reference"] = f"UTR-{payout['id'][:6]}"
            if status == "failed":
                kept["reason"] = "The account is closed"
            self.payouts[payout["id"]] = kept
            return kept

    def pay_pending(self) -> None:
        for payout in list(self.payouts.values()):
            if payout["status"] == "pending":
                self.pay(payout)

    def verbs(self, key: str = "") -> list[str]:
        """The methods of the requests about one payout, in order; of all without a key."""
        return [method for method, about in self.requests if not key or about == key]


@contextmanager
def running_payout_provider() -> Iterator[PayoutProvider]:
    provider = PayoutProvider()

    class Handler(_Handler):
        bank = provider

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    provider.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield provider
    finally:
        provider.go_on.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    bank: PayoutProvider

    def do_GET(self) -> None:
        key = self.path.rpartition("/")[2]
        self.bank.requests.append(("GET", key))
        if not self._is_known():
            return
        if self.bank.asks_to_fail:
            self.bank.asks_to_fail -= 1
            self._answer(500, {"error": "internal"})
        elif key in self.bank.payouts:
            self._answer(200, self.bank.payouts[key])
        else:
            self._answer(404, {"error": "not_found"})

    def do_POST(self) -> None:
        payout = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert self.path == "/v1/payouts"
        assert self.headers["Idempotency-Key"] == payout["id"]
        self.bank.requests.append(("POST", payout["id"]))
        if not self._is_known():
            return
        if payout["id"] in self.bank.payouts:
            self._answer(409, {"error": "duplicate"})
            return
        mood = self.bank.moods.pop(0) if self.bank.moods else "paid"
        getattr(self, f"_{mood.replace(', ', '_').replace(' ', '_')}")(payout)

    def _is_known(self) -> bool:
        if self.headers["Authorization"] == f"Bearer {KEY}":
            return True
        self.bank.strangers += 1
        self._answer(401, {"error": "unauthorized"})
        return False

    def _answer(self, status: int, body: object, *, length: int = 0) -> None:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(length or len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _paid(self, payout: dict[str, Any]) -> None:
        self._answer(201, self.bank.pay(payout))

    def _late(self, payout: dict[str, Any]) -> None:
        kept = self.bank.pay(payout)
        self.bank.go_on.wait(HOLD_SECONDS_MAX)
        self.close_connection = True
        with contextlib.suppress(OSError):  # nobody waits for it any more: that is what being late means
            self._answer(201, kept)

    def _takes_it_late(self, payout: dict[str, Any]) -> None:
        self.bank.go_on.wait(HOLD_SECONDS_MAX)
        self.close_connection = True
        if payout["id"] in self.bank.payouts:
            self.bank.turned_away.set()
        else:
            self.bank.pay(payout)

    def _dies(self, payout: dict[str, Any]) -> None:
        content = json.dumps(self.bank.pay(payout)).encode()
        self._answer(201, content[:20], length=len(content))
        self.close_connection = True

    def _hangs_up(self, payout: dict[str, Any]) -> None:
        self.bank.pay(payout)
        self.close_connection = True

    def _paid_then_500(self, payout: dict[str, Any]) -> None:
        self.bank.pay(payout)
        self._answer(500, {"error": "internal"})

    def _500(self, _payout: dict[str, Any]) -> None:
        self._answer(500, {"error": "internal"})

    def _503(self, _payout: dict[str, Any]) -> None:
        self._answer(503, {"error": "maintenance"})

    def _garbage(self, _payout: dict[str, Any]) -> None:
        self._answer(200, b"<html>Welcome</html>")

    def _another_payout(self, payout: dict[str, Any]) -> None:
        self._answer(200, {**payout, "amount_paise": payout["amount_paise"] + 1, "status": "paid"})

    def _pending(self, payout: dict[str, Any]) -> None:
        self._answer(202, self.bank.pay(payout, "pending"))

    def _failed(self, payout: dict[str, Any]) -> None:
        self._answer(200, self.bank.pay(payout, "failed"))

    def _422(self, payout: dict[str, Any]) -> None:
        self._answer(422, self.bank.pay(payout, "failed"))

    def _duplicate(self, _payout: dict[str, Any]) -> None:
        self._answer(409, {"error": "duplicate"})

    def _misled(self, payout: dict[str, Any]) -> None:
        self.bank.pay(payout)
        self._answer(409, {"error": "duplicate"})

    def log_message(self, *_args: object) -> None:
        pass
