"""One request is one trace, from the client's id to the last worker, as a real receiver sees it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest

from tests.support.client import Phone
from tests.support.receiver import Receiver, Seen, running_receiver
from tests.support.society import Society, fill_cart
from tests.support.stack import Stack, running_stack
from tests.support.waiting import until

QUERY = "SELECT auth.session_view"
NOTIFY = "run/vendor.notify_new_order"


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with running_receiver() as running:
        yield running


@pytest.fixture(scope="module")
def stack(receiver: Receiver) -> Iterator[Stack]:
    with running_stack({"OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url, "OTEL_BSP_SCHEDULE_DELAY": "100"}) as running:
        yield running


class Client:
    """A phone whose app traces its own requests."""

    def __init__(self, flags: str = "01") -> None:
        self.trace_id = secrets.token_hex(16)
        self.span_id = secrets.token_hex(8)
        self.headers = {"traceparent": f"00-{self.trace_id}-{self.span_id}-{flags}"}


def whole(receiver: Receiver, trace_id: str, root_id: str, *names: str) -> dict[str, Seen]:
    """The trace by names of spans, once these are there and each span's parent is in it, or is `root_id`."""

    def is_whole() -> bool:
        spans = receiver.trace(trace_id)
        ids = {span.span_id for span in spans} | {root_id}
        return set(names) <= {span.name for span in spans} and all(span.parent_id in ids for span in spans)

    try:
        until(is_whole, seconds=60, what=f"{', '.join(names)} in one unbroken trace")
    except AssertionError as error:
        raise AssertionError("\n".join(map(str, [error, *receiver.trace(trace_id)]))) from error
    return {span.name: span for span in receiver.trace(trace_id)}


def lineage(spans: list[Seen], span: Seen) -> list[str]:
    """The names of this span and of those above it, the uppermost first."""
    by_id = {span.span_id: span for span in spans}
    names = [span.name]
    while span := by_id.get(span.parent_id):  # type: ignore[assignment]  # ends the loop when it is None
        names.append(span.name)
    return names[::-1]


def test_an_order_is_one_trace_through_every_process_that_works_for_it(stack: Stack, receiver: Receiver) -> None:
    society = Society(stack.url)
    shop = society.open_shop(Rice=50)
    resident = society.resident(money=500)
    fill_cart(resident, shop, Rice=2)
    client = Client(flags="00")  # the client's say does not count
    answer = resident.raw("POST", "/consumer/order/confirm", json={"payment_mode": "wallet"}, headers=client.headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["traceparent"].split("-")[1] == client.trace_id

    by_name = whole(receiver, client.trace_id, client.span_id, QUERY, NOTIFY)
    spans = receiver.trace(client.trace_id)
    assert by_name[QUERY].service == "habrio-gateway"
    assert by_name[NOTIFY].service == "habrio-vendor-worker"
    assert {span.service for span in spans} >= {"habrio-gateway", "habrio-consumer", "habrio-vendor"}
    assert [span.name for span in spans if span.parent_id == client.span_id] == ["GET /verify"]
    assert lineage(spans, by_name[NOTIFY]) == [
        "GET /verify",
        "POST /api/v1/consumer/order/confirm",
        "POST",
        "POST /internal/messages/<kind>",
        "apply_async/vendor.notify_new_order",
        NOTIFY,
    ]
    assert len([span for span in spans if span.name == NOTIFY]) == 1


def test_what_the_relay_delivers_is_in_the_trace_of_the_request_that_promised_it(
    stack: Stack, receiver: Receiver
) -> None:
    society = Society(stack.url)
    shop = society.open_shop(Rice=50)
    resident = society.resident(money=500)
    fill_cart(resident, shop, Rice=2)
    client = Client()
    with stack.stopped("vendor"):
        resident.call(
            "POST",
            "/consumer/order/confirm",
            expect=202,
            json={"payment_mode": "wallet"},
            headers=client.headers,
        )
    by_name = whole(receiver, client.trace_id, client.span_id, "replay/orders.place", NOTIFY)
    replay, confirm = by_name["replay/orders.place"], by_name["POST /api/v1/consumer/order/confirm"]
    assert replay.service == "habrio-consumer-worker"
    assert replay.links == ((client.trace_id, confirm.span_id),)
    assert "replay/orders.place" in lineage(receiver.trace(client.trace_id), by_name[NOTIFY])


def test_a_trace_begins_at_the_door_when_nobody_brings_one_and_tells_no_phone_and_no_code(
    stack: Stack, receiver: Receiver
) -> None:
    phone = Phone(stack.url)
    answer = phone.raw("POST", "/send-otp", json={"phone": phone.phone})
    trace_id = answer.headers["traceparent"].split("-")[1]
    whole(receiver, trace_id, "", "run/auth.deliver_otp")
    otp = phone.get(f"/test_support/otp/{phone.phone}")["data"]["otp"]
    looked_up = phone.raw("GET", f"/nowhere/{phone.phone}", params={"phone": phone.phone})
    signed_in = phone.raw("POST", "/verify-otp", json={"phone": phone.phone, "otp": otp})
    phone.token = signed_in.json()["access_token"]
    unknown = phone.raw("GET", f"/consumer/nowhere/{phone.phone}", params={"phone": phone.phone})
    assert (looked_up.status_code, unknown.status_code) == (404, 404)
    for response in (signed_in, unknown):
        whole(receiver, response.headers["traceparent"].split("-")[1], "", "GET /verify")
    sent = b"".join(receiver.received)
    for secret in (phone.phone, otp, phone.token, phone.token.rpartition(".")[2]):
        assert secret.encode() not in sent


def test_only_requests_and_tasks_are_traces(receiver: Receiver) -> None:
    """No probe, and none of the looks for work that workers take every second."""
    roots = {span.name for span in receiver.spans if not span.parent_id}
    assert roots <= {"GET /verify", *(name for name in roots if name.startswith("apply_async/"))}
