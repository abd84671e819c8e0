"""A message takes effect once, from its sender only, however it arrives."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from habrio_shared import inbox, outbox
from habrio_shared.errors import BadRequest, ValidationFailed
from habrio_shared.identity import Caller, tokens
from habrio_shared.inbox import MessageIdReused, UnknownKind
from habrio_shared.outbox import Relay
from tests.integration.mechanisms.conftest import World
from tests.integration.mechanisms.services import ECHO, HOOKED, NOTE, Note, Taken, effects_of, put_note
from tests.integration.mechanisms.test_outbox import make_due, relaying, row_of, wait_until_delivered

HELLO = {"text": "hello"}


def post(
    app: Flask, kind: str, message_id: str | None, body: object, issuer: str = "consumer"
) -> tuple[int, dict[str, Any]]:
    path = f"/internal/messages/{kind}"
    caller = Caller(issuer, "service")
    token = tokens.mint(app.extensions["habrio_keys"], caller, audience=app.name, method="POST", path=path, seconds=30)
    headers = {tokens.HEADER: token}
    if message_id is not None:
        headers["X-Message-Id"] = message_id
    response = app.test_client().post(path, data=json.dumps(body), content_type="application/json", headers=headers)
    answer: dict[str, Any] = response.get_json()
    return response.status_code, answer


def test_a_repeat_gets_the_stored_reply_and_has_no_effect(world: World) -> None:
    first = post(world.vendor, "proof.note", "note:1", HELLO)
    assert first == (200, {"status": "success", "reply": {"text": "hello", "by": "vendor"}})
    assert post(world.vendor, "proof.note", "note:1", HELLO) == first
    assert effects_of(world.vendor) == ["taken hello"]


def test_other_ids_are_other_messages(world: World) -> None:
    for number in range(3):
        post(world.vendor, "proof.note", f"note:{number}", HELLO)
    assert len(effects_of(world.vendor)) == 3


def test_only_the_sender_of_the_contract_may_send(world: World) -> None:
    for issuer in ("admin", "auth"):
        status, answer = post(world.vendor, "proof.note", "note:1", HELLO, issuer=issuer)
        assert (status, answer["error"]) == (401, "unauthorized")
    status, _answer = post(world.vendor, "proof.note", "note:1", HELLO, issuer="gateway")
    assert status == 401
    assert effects_of(world.vendor) == []


@pytest.mark.parametrize("kind", ["proof.unknown", "proof.unheard", "proof.echo", "x"])
def test_a_kind_that_this_service_does_not_take_is_not_found(world: World, kind: str) -> None:
    assert post(world.vendor, kind, "note:1", HELLO)[0] == 404
    with world.vendor.app_context(), pytest.raises(UnknownKind):
        inbox.receive(kind, "note:1", HELLO)


@pytest.mark.parametrize("message_id", [None, "", "x" * 201, "a b"])
def test_a_message_needs_an_id(world: World, message_id: str | None) -> None:
    status, answer = post(world.vendor, "proof.note", message_id, HELLO)
    assert (status, answer["error"]) == (400, "no_message_id")


@pytest.mark.parametrize("body", [None, [], "text", 5, {}, {"text": 5}])
def test_a_body_that_breaks_the_contract_is_refused(world: World, body: object) -> None:
    assert post(world.vendor, "proof.note", "note:1", body)[0] == 400
    with world.vendor.app_context(), pytest.raises(ValidationFailed):
        inbox.receive("proof.note", "note:1", body)
    assert post(world.vendor, "proof.note", "note:1", HELLO)[0] == 200


def test_an_id_belongs_to_one_kind(world: World) -> None:
    with world.vendor.app_context():
        inbox.receive("proof.note", "note:1", HELLO)
        with pytest.raises(MessageIdReused):
            inbox.receive("proof.second", "note:1", HELLO)
    assert effects_of(world.vendor) == ["taken hello"]


def test_a_handler_that_refuses_by_raising_is_a_fault_and_leaves_nothing(world: World) -> None:
    def refuse(_session: object, _body: Note) -> None:
        raise BadRequest("no")

    HOOKED.hooks.on_take = refuse
    status, answer = post(world.vendor, "proof.note", "note:1", HELLO)
    assert (status, answer["error"]) == (500, "internal_error")
    assert effects_of(world.vendor) == []
    HOOKED.hooks.on_take = None
    assert post(world.vendor, "proof.note", "note:1", HELLO)[0] == 200


def test_a_kind_has_one_handler_and_one_reply_handler() -> None:
    with pytest.raises(ValueError, match="already"):
        inbox.on(NOTE)(lambda _session, body: Taken(text=body.text))
    with pytest.raises(ValueError, match="already"):
        outbox.on_reply(ECHO)(outbox.do_nothing)


@contextmanager
def serving(app: Flask, port: int = 0) -> Iterator[int]:
    """The service on a port of its own."""
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def over_http(world: World, port: int) -> None:
    """Let the consumer send by its ordinary transport to the vendor at this port."""
    app = world.consumer
    settings = app.extensions["habrio_settings"]
    app.extensions["habrio_settings"] = settings.model_copy(update={"vendor_url": f"http://127.0.0.1:{port}"})
    app.extensions["habrio_clients"].clear()
    del app.extensions["habrio_transport"]


def test_a_message_goes_over_http_and_waits_while_the_target_is_down(world: World, tmp_path: Path) -> None:
    with serving(world.vendor) as port:
        over_http(world, port)
        with world.consumer.app_context():
            assert outbox.deliver(put_note(world.consumer, "first")) == Taken(text="first")
    with world.consumer.app_context():
        assert outbox.deliver(put_note(world.consumer, "second")) is None
    assert row_of(world.consumer, "note:second").attempts == 1
    make_due(world.consumer)
    with relaying(Relay(world.consumer)), serving(world.vendor, port):
        wait_until_delivered(world.consumer, seconds=15)
    assert effects_of(world.vendor) == ["taken first", "taken second"]


def test_a_target_that_answers_500_or_refuses_is_not_taken_for_away(world: World) -> None:
    def fail(_session: object, _body: Note) -> None:
        raise ZeroDivisionError

    HOOKED.hooks.on_take = fail
    with serving(world.vendor) as port, world.consumer.app_context():
        over_http(world, port)
        row_id = put_note(world.consumer, "hello")
        assert outbox.deliver(row_id) is None
        assert "answered 500" in row_of(world.consumer, "note:hello").last_error
        transport = outbox.HttpTransport()
        for kind, is_away in (("proof.note", False), ("proof.unknown", False)):
            with pytest.raises(outbox.Undelivered) as failed:
                transport.send("vendor", kind, "note:x", HELLO, 3.0, {})
            assert failed.value.is_away is is_away
    with world.consumer.app_context(), pytest.raises(outbox.Undelivered) as failed:
        transport.send("vendor", "proof.note", "note:x", HELLO, 3.0, {})
    assert failed.value.is_away
