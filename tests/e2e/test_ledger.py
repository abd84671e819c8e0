"""The ledgers of a running platform are proven by one command."""

from __future__ import annotations

from tests.support.society import Society, fill_cart
from tests.support.stack import Stack


def test_one_command_proves_the_ledgers_of_the_running_platform(stack: Stack) -> None:
    society = Society(stack.url)
    shop, resident = society.open_shop(Rice=50), society.resident(money=500)
    fill_cart(resident, shop, Rice=4)
    order_id = resident.post("/consumer/order/confirm", {"payment_mode": "wallet"})["order_id"]
    shop.set_status(order_id, "delivered")
    proof = stack.command("ledger", "verify")
    assert proof.returncode == 0, proof.stdout + proof.stderr
    assert proof.stdout.splitlines()[-1] == "The ledgers are right."
    assert "read in one snapshot" in proof.stdout
