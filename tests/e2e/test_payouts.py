"""What a vendor has earned reaches the bank: through the gateway, by the real worker, with the sandbox as the bank."""

from __future__ import annotations

from tests.support.books import verdict
from tests.support.society import Society, fill_cart
from tests.support.stack import Stack
from tests.support.waiting import until

PAID_SECONDS = 25
"""The nudge takes a moment; what it does not reach, the platform's beat finds within half a minute."""


def test_a_delivered_order_is_withdrawn_and_paid(stack: Stack) -> None:
    society = Society(stack.url)
    shop, resident = society.open_shop(Rice=50), society.resident(money=500)
    fill_cart(resident, shop, Rice=4)
    order_id = resident.post("/consumer/order/confirm", {"payment_mode": "wallet"})["order_id"]
    shop.set_status(order_id, "delivered")
    assert shop.balance() == 42
    amount = {"amount": 40.5}
    assert shop.owner.post("/vendor/wallet/withdraw", amount, expect=400)["error"] == "no_payout_bank"
    bank = {"bank_name": "State Bank", "account_number": "001234567890", "ifsc_code": "SBIN0001234"}
    shop.owner.post("/vendor/payout/setup", bank)
    before = verdict(stack, "vendor").totals.get("bank", 0)
    key = {"Idempotency-Key": "tap-1"}
    asked = shop.owner.post("/vendor/wallet/withdraw", amount, headers=key)
    assert (asked["balance"], asked["bank_account"][-4:]) == (1.5, "7890")
    assert shop.owner.post("/vendor/wallet/withdraw", amount, headers=key) == asked

    def payout() -> dict[str, object]:
        [found] = shop.owner.get("/vendor/payouts")["payouts"]
        return dict(found)

    until(lambda: payout()["status"] == "paid", seconds=PAID_SECONDS, what="the worker has paid it")
    assert payout()["reference"]
    newest, earned = shop.owner.get("/vendor/wallet/history")["transactions"]
    assert (newest["type"], newest["amount"], newest["status"]) == ("withdrawal", 40.5, "success")
    assert newest["reference"] == f"payout:{asked['payout_id']}"
    assert (earned["type"], earned["amount"], earned["reference"]) == ("credit", 42, f"order:{order_id}")
    assert shop.balance() == 1.5
    books = verdict(stack, "vendor")
    assert books.problems == []
    assert books.totals["bank"] - before == 4050
    assert "001234567890" not in stack.log("vendor") + stack.log("vendor-worker")
