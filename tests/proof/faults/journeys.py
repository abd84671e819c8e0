"""What people do, each journey as small as can be, with what it must have come to: once, whatever struck on the way."""

from __future__ import annotations

from collections.abc import Callable

from tests.integration.vendor.sheets import csv_of
from tests.proof.faults.stubborn import Stubborn
from tests.proof.faults.town import PRICE, SEEN_SECONDS, Town
from tests.support import papers
from tests.support.clock import let_time_run_out
from tests.support.waiting import until

Journey = Callable[[Town], None]
"""Walks on a town, and asserts what must have come of it."""


def log_in(town: Town) -> None:
    phone = town.newcomer("consumer")
    assert phone.get("/me")["data"]["role"] == "consumer"


def ask_for_code(town: Town) -> None:
    """Whoever asked waits for no worker; and a code that has been used already would not be brought any more."""
    phone = Stubborn(town.stack.url)
    assert phone.post("/send-otp", {"phone": phone.phone})["status"] == "success"


def refresh(town: Town) -> None:
    """Who is not answered may find the token spent, and signs in again: a session is never in two hands."""
    phone = town.newcomer("consumer")
    spent = phone.refresh_token
    answer = phone.answered("/auth/refresh", json={"refresh_token": spent})
    if answer.status_code == 200:
        phone.token, phone.refresh_token = answer.json()["access_token"], answer.json()["refresh_token"]
    else:
        assert (answer.status_code, phone.was_unknown) == (401, True)
        phone.sign_in()
    assert phone.get("/me")["data"]["phone"] == f"+91{phone.phone}"
    phone.post("/auth/refresh", {"refresh_token": spent}, expect=401)


def end_sessions(town: Town) -> None:
    phone = town.newcomer("consumer")
    other = Stubborn(town.stack.url, phone.phone)
    other.sign_in()
    [row] = [session for session in phone.get("/auth/sessions")["sessions"] if not session["current"]]
    phone.make(f"/auth/sessions/{row['id']}/revoke")
    other.get("/me", expect=401)
    phone.make("/logout")
    phone.get("/me", expect=401)


def rename(town: Town) -> None:
    town.resident.post("/consumer/profile/edit", {"name": "Asha Kulkarni"})
    assert town.resident.get("/me")["data"]["name"] == "Asha Kulkarni"
    town.resident.post("/consumer/profile/edit", {"name": "Ravi Kulkarni"})


def move_in(town: Town) -> None:
    phone = town.newcomer("consumer")
    phone.make("/consumer/onboarding", {"flat_number": "B-402"})
    assert phone.get("/consumer/profile/me")["data"]["flat_number"] == "B-402"


def open_shop(town: Town) -> None:
    owner = town.newcomer("vendor")
    owner.make("/vendor/profile", {"business_type": "grocery", "business_name": "Asha", "address": "Gate 2"})
    owner.make("/vendor/shop", {"shop_name": "Asha Store", "shop_type": "grocery"})
    owner.post("/vendor/shop/edit", {"description": "Rice and tea"})
    owner.post(
        "/vendor/shop/hours", {"weekly_hours": [{"day_of_week": 0, "open_time": "08:00", "close_time": "20:00"}]}
    )
    owner.post("/vendor/shop/toggle-status", {"is_open": False})
    shop = owner.get("/vendor/shop/my")["data"]
    assert (shop["description"], shop["is_open"]) == ("Rice and tea", False)


def keep_items(town: Town) -> None:
    item_id = town.owner.post("/vendor/item/add", {"title": "Tea", "price": 21, "quantity_in_stock": 5})["item_id"]
    town.owner.post(f"/vendor/item/update/{item_id}", {"quantity_in_stock": 7})
    town.owner.post(f"/vendor/item/{item_id}/toggle")
    [tea] = [item for item in town.owner.get("/vendor/item/my", q="Tea")["data"] if item["id"] == item_id]
    assert (tea["quantity_in_stock"], tea["is_available"]) == (7, False)
    town.owner.make(f"/vendor/item/{item_id}/delete")
    assert item_id not in [item["id"] for item in town.owner.get("/vendor/item/my", q="Tea")["data"]]


def give_bank(town: Town) -> None:
    bank = {"bank_name": "State Bank", "account_number": "001234567890", "ifsc_code": "SBIN0001234"}
    assert town.owner.post("/vendor/payout/setup", bank)["status"] == "success"


def hand_in_papers(town: Town) -> None:
    paper = {"document_type": "pan_card", "file_url": "https://files.example.com/pan.pdf"}
    document_id = town.owner.post("/vendor/upload-document", paper)["document_id"]
    review = {"decision": "approve", "reason": "all is there"}
    town.admin.post(f"/admin/documents/{document_id}/review", review)
    vendor_id = town.realm.person(f"+91{town.owner.phone}").user_id
    town.admin.post(f"/admin/vendors/{vendor_id}/review", review)
    [paper] = [one for one in town.owner.get("/vendor/documents")["documents"] if one["id"] == document_id]
    assert paper["status"] == "approved"
    until(
        lambda: town.owner.get("/me")["data"]["kyc_status"] == "approved", seconds=SEEN_SECONDS, what="auth hears of it"
    )


def hand_in_file(town: Town) -> None:
    """The scan of a paper itself, kept in a folder."""
    before = len(town.owner.get("/vendor/documents")["documents"])
    form = {"file": ("pan.pdf", papers.pdf(), "application/pdf")}
    town.owner.call("POST", "/vendor/upload-document", files=form, data={"document_type": "pan_card"})
    assert len(town.owner.get("/vendor/documents")["documents"]) > before


def send_file(town: Town) -> None:
    rows = csv_of([("Title", "Price", "SKU"), *((f"Item {n}", 10, f"{town.stamp()}-{n}") for n in range(3))])
    task_id = town.owner.send("/vendor/item/bulk-upload", {"file": ("items.csv", rows)})["task_id"]

    def is_done() -> bool:
        return bool(town.owner.get(f"/vendor/item/bulk-upload/{task_id}")["state"] == "done")

    until(is_done, seconds=3 * SEEN_SECONDS, what="the file is read")
    report = town.owner.get(f"/vendor/item/bulk-upload/{task_id}")
    assert (report["rows_read"], report["created"]) == (3, 3)


def fill_and_empty_cart(town: Town) -> None:
    rice = {"item_id": town.shop.items["Rice"]}
    town.resident.post("/consumer/cart/clear")
    town.resident.post("/consumer/cart/add", rice | {"quantity": 1})
    town.resident.post("/consumer/cart/update", rice | {"quantity": 3})
    [line] = town.resident.get("/consumer/cart/view")["cart"]
    assert line["quantity"] == 3
    town.resident.make("/consumer/cart/remove", rice)
    assert town.resident.get("/consumer/cart/view")["cart"] == []


def see_new_price(town: Town) -> None:
    """What a cart keeps of an item follows it."""
    tea = town.owner.post("/vendor/item/add", {"title": "Tea", "price": 21})["item_id"]
    town.resident.post("/consumer/cart/clear")
    town.resident.post("/consumer/cart/add", {"item_id": tea, "quantity": 1})
    town.owner.post(f"/vendor/item/update/{tea}", {"price": 20})
    [line] = town.resident.get("/consumer/cart/view")["cart"]
    assert line["price"] == 20
    town.resident.post("/consumer/cart/clear")


def load(town: Town) -> None:
    with town.moves(resident=50):
        town.resident.post("/consumer/wallet/load", {"amount": 50})


def deliver(town: Town) -> None:
    with town.moves(resident=-2 * PRICE, shop=2 * PRICE, stock=-2):
        order_id = town.order("accepted", "delivered")
        town.is_on_both_sides(order_id, "delivered")
    town.withdraw()


def relayed(town: Town) -> None:
    """An order whose first message is lost with its writer, so that the relay sends it."""
    with town.moves(resident=-2 * PRICE, stock=-2):
        town.arm("consumer.orders.place.after_commit", "kill")
        town.is_on_both_sides(town.order(), "pending")


def cancel(town: Town) -> None:
    with town.moves():
        order_id = town.order("accepted")
        town.resident.post(f"/consumer/orders/{order_id}/cancel")
        town.is_on_both_sides(order_id, "cancelled")


def reject(town: Town) -> None:
    with town.moves():
        town.is_on_both_sides(town.order("rejected"), "rejected")


def change(town: Town) -> None:
    with town.moves(resident=-PRICE, stock=-1):
        order_id = town.order()
        smaller = {"modifications": [{"item_id": town.shop.items["Rice"], "quantity": 1}]}
        town.owner.post(f"/vendor/orders/{order_id}/modify", smaller)
        town.resident.post(f"/consumer/orders/{order_id}/confirm-modified")
        town.is_on_both_sides(order_id, "confirmed")


def time_out(town: Town) -> None:
    with town.moves():
        order_id = town.order()
        smaller = {"modifications": [{"item_id": town.shop.items["Rice"], "quantity": 1}]}
        town.owner.post(f"/vendor/orders/{order_id}/modify", smaller)

        def is_over() -> bool:
            let_time_run_out(town.stack, order_id)  # again and again: one that failed is put off by a minute
            return bool(town.shop.orders()[order_id]["status"] == "cancelled")

        until(is_over, seconds=SEEN_SECONDS, what="the timer ends the order")
        town.is_on_both_sides(order_id, "cancelled")


def talk(town: Town) -> None:
    order_id = town.order()
    town.resident.post(f"/consumer/orders/{order_id}/message", {"message": "When?"})
    town.owner.post(f"/vendor/orders/{order_id}/message", {"message": "At five"})

    def is_heard(by: Stubborn, side: str) -> bool:
        said = by.get(f"/{side}/orders/{order_id}/messages")["messages"]
        return sorted(line["message"] for line in said) == ["At five", "When?"]

    until(lambda: is_heard(town.resident, "consumer"), seconds=SEEN_SECONDS, what="the resident reads both, once")
    until(lambda: is_heard(town.owner, "vendor"), seconds=SEEN_SECONDS, what="the vendor reads both, once")


def complain(town: Town) -> None:
    order_id = town.order("delivered")
    path = f"/consumer/orders/{order_id}"
    town.resident.post(f"{path}/rate", {"rating": 4})
    issue_id = town.resident.post(f"{path}/issue", {"issue_type": "damaged", "description": "Torn"})["issue_id"]

    def known() -> bool:
        issues = town.owner.get("/vendor/orders/issues", order_id=order_id)["issues"]
        return [issue["id"] for issue in issues] == [issue_id]

    until(known, seconds=SEEN_SECONDS, what="the vendor knows of it, once")
    town.owner.post(f"/vendor/orders/issues/{issue_id}/resolve", {"answer": "A new bag comes"})
    until(
        lambda: [issue["status"] for issue in town.resident.get(path)["order"]["issues"]] == ["resolved"],
        seconds=SEEN_SECONDS,
        what="the resident knows of the answer",
    )
    assert town.resident.get(path)["order"]["rating"]["rating"] == 4
    town.withdraw()


def give_back(town: Town) -> None:
    with town.moves():
        order_id = town.order("delivered")
        goods = {"reason": "broken", "items": [{"item_id": town.shop.items["Rice"], "quantity": 2}]}
        raising = f"/consumer/orders/{order_id}/return/raise"
        town.resident.post(raising, goods)
        town.until_granted(town.owner, f"/vendor/orders/{order_id}/return/reject")
        town.until_granted(town.resident, raising, goods)
        town.until_granted(town.owner, f"/vendor/orders/{order_id}/return/accept")
        town.owner.post(f"/vendor/orders/{order_id}/return/complete")
        town.is_on_both_sides(order_id, "return_completed")


def withdraw(town: Town) -> None:
    town.order("delivered")
    town.withdraw()


def administer_user(town: Town) -> None:
    phone = town.newcomer("consumer")
    user_id = town.realm.person(f"+91{phone.phone}").user_id
    town.admin.post(f"/admin/users/{user_id}/suspend", {"reason": "asked for"})
    phone.call("GET", "/me", expect=(401, 403))
    town.admin.post(f"/admin/users/{user_id}/restore", {"reason": "asked for"})
    phone.sign_in()
    town.admin.post(f"/admin/users/{user_id}/role", {"reason": "asked for", "role": "vendor"})
    assert phone.get("/me")["data"]["role"] == "vendor"
    town.admin.post(f"/admin/users/{user_id}/end-sessions", {"reason": "asked for"})
    phone.get("/me", expect=401)


def administer_shop(town: Town) -> None:
    for act, shown in (("verify", "verified"), ("feature", "featured")):
        town.admin.post(f"/admin/shops/{town.shop.shop_id}/{act}", {"value": True, "reason": "well known"})
        assert town.owner.get("/vendor/shop/my")["data"][shown] is True


def adjust(town: Town) -> None:
    with town.moves(resident=1, shop=1):
        for owner, phone in (("consumer", town.resident), ("vendor", town.owner)):
            user_id = town.realm.person(f"+91{phone.phone}").user_id
            gift = {"owner": owner, "user_id": user_id, "amount": 1, "reason": "a gift"}
            town.admin.post("/admin/wallets/adjust", gift)
    town.withdraw()
