"""Where a vendor's money goes: kept sealed, shown masked."""

from __future__ import annotations

import logging
import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from habrio_shared.database import reading
from habrio_shared.sealing import NotOurSeal, Sealer
from habrio_vendor.payout_bank import set_up as setting_up
from habrio_vendor.payout_bank.queries import Bank, bank_of
from tests.integration.vendor.people import Vendor, World

NUMBER = "50100123456789"
BANK = {"bank_name": "HDFC Bank", "account_number": NUMBER, "ifsc_code": "HDFC0001234"}


@pytest.fixture
def vendor(world: World) -> Vendor:
    """One who has only signed in."""
    return Vendor(world.app, "vendor", world.society)


def bank(vendor: Vendor) -> Bank | None:
    with vendor.app.app_context(), reading() as session:
        return bank_of(session, vendor.user_id)


def test_who_pays_out_reads_the_number_and_everybody_else_its_last_digits(vendor: Vendor) -> None:
    assert bank(vendor) is None
    shown = {**BANK, "account_number": "XXXXXX6789"}
    assert vendor.post("/vendor/payout/setup", BANK)["data"] == shown
    found = bank(vendor)
    assert found == Bank("HDFC Bank", NUMBER, "HDFC0001234", "XXXXXX6789")
    assert NUMBER not in repr(found)


def test_the_profile_shows_the_bank_masked(world: World) -> None:
    assert world.vendor.get("/vendor/profile")["data"]["payout_bank"] is None
    world.vendor.post("/vendor/payout/setup", BANK)
    assert world.vendor.get("/vendor/profile")["data"]["payout_bank"] == {**BANK, "account_number": "XXXXXX6789"}


def test_the_number_is_not_in_the_table_in_clear(vendor: Vendor) -> None:
    vendor.post("/vendor/payout/setup", BANK)
    with vendor.app.app_context(), reading() as session:
        rows = session.execute(text("SELECT * FROM payout_banks")).all()
    assert any("XXXXXX6789" in row for row in rows)
    assert NUMBER not in repr(rows)


def test_the_number_is_in_no_answer_and_no_log(
    vendor: Vendor, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    answers = [vendor.raw("POST", "/vendor/payout/setup", json=BANK).text]
    for wrong in ({"ifsc_code": "x"}, {"account_number": NUMBER + "123456"}, {"bank_name": None}):
        answers.append(vendor.raw("POST", "/vendor/payout/setup", json={**BANK, **wrong}).text)

    def away(_session: object, _table: object, values: dict[str, object]) -> bool:
        raise OperationalError("INSERT INTO payout_banks", values, Exception("the database went away"))

    monkeypatch.setattr(setting_up, "insert_ignore", away)
    answers.append(vendor.raw("POST", "/vendor/payout/setup", json=BANK).text)
    assert "the database went away" in caplog.text
    assert NUMBER not in "".join(answers) + caplog.text


def test_a_second_setup_replaces_the_first(vendor: Vendor) -> None:
    vendor.post("/vendor/payout/setup", BANK)
    vendor.post("/vendor/payout/setup", {"bank_name": "SBI", "account_number": "001234567", "ifsc_code": "SBIN0000001"})
    assert bank(vendor) == Bank("SBI", "001234567", "SBIN0000001", "XXXXXX4567")


def test_of_two_setups_at_once_one_stands_whole(vendor: Vendor) -> None:
    given = [{**BANK, "account_number": f"12345678{digit}0", "bank_name": f"Bank {digit}"} for digit in range(6)]
    threads = [threading.Thread(target=vendor.post, args=("/vendor/payout/setup", body)) for body in given]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = bank(vendor)
    assert found is not None
    assert (found.bank_name, found.account_number) in {(body["bank_name"], body["account_number"]) for body in given}


def test_banks_of_others_are_not_touched(world: World, vendor: Vendor) -> None:
    world.vendor.post("/vendor/payout/setup", BANK)
    vendor.post("/vendor/payout/setup", {**BANK, "account_number": "111111111"})
    found = bank(world.vendor)
    assert found is not None
    assert found.account_number == NUMBER


def test_a_number_sealed_under_a_key_that_is_gone_is_a_fault_that_says_so(
    vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor.post("/vendor/payout/setup", BANK)
    settings = vendor.app.extensions["habrio_settings"]
    monkeypatch.setitem(settings.__dict__, "sealer", Sealer("vendor", ["another-key-that-was-never-here-before"]))
    with pytest.raises(NotOurSeal, match="DATA_PREVIOUS_KEYS"):
        bank(vendor)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("bank_name", ["", " ", None, 5, True, [], "a\x00b", "\ud800", "x" * 201]),
        (
            "account_number",
            [
                *("", None, 123456789012, 1e12, True, [], {}, "12345678", "1234567890123456789", "1234 5678 9012"),
                *("१२३४५६७८९", "12345678x", "123456789\x00", "\ud800" * 9, "9" * 100_000, "-123456789", "123456789.0"),
            ],
        ),
        (
            "ifsc_code",
            [
                *("", None, 5, True, [], "hdfc0001234", "HDFC1001234", "HDFC000123", "HDFC00012345"),
                *("ＨＤＦＣ0001234", "HDFC0001234\x00", "HDFC0\ud80001234", "H" * 100_000),
            ],
        ),
    ],
)
def test_a_wrong_bank_is_refused_by_field_and_the_one_before_stays(
    vendor: Vendor, field: str, values: list[object]
) -> None:
    vendor.post("/vendor/payout/setup", BANK)
    for value in values:
        refused = vendor.post("/vendor/payout/setup", {**BANK, field: value}, expect=400)
        if refused["error"] == "validation_error" and "errors" in refused:
            assert all(problem["loc"] in ([field], []) for problem in refused["errors"]), (value, refused)
    missing = {name: value for name, value in BANK.items() if name != field}
    vendor.post("/vendor/payout/setup", missing, expect=400)
    found = bank(vendor)
    assert found is not None
    assert (found.bank_name, found.account_number, found.ifsc_code) == tuple(BANK.values())


def test_the_message_says_how_a_number_and_a_code_look(vendor: Vendor) -> None:
    refused = vendor.post(
        "/vendor/payout/setup", {**BANK, "account_number": "1", "ifsc_code": "hdfc0001234"}, expect=400
    )
    assert refused["message"] == "Validation error"
    said = {problem["loc"][0]: problem["msg"] for problem in refused["errors"]}
    assert "9 to 18 digits" in said["account_number"]
    assert "such as HDFC0001234" in said["ifsc_code"]
