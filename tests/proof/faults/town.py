"""The ground of the journeys: a shop and a resident who ask until they know, and what both hold."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from habrio_shared import faults
from tests.proof.faults.stubborn import Stubborn
from tests.security.realm import Realm
from tests.support.clock import let_payouts_be_due
from tests.support.society import CITY, Shop, Society, fill_cart
from tests.support.stack import Stack
from tests.support.waiting import until

ADMIN_PHONE = "9000000001"
LONG_SECONDS = 86_400
RUPEES, STOCK, PRICE = 100_000.0, 100_000, 10.5
SEEN_SECONDS = 40
PAID_SECONDS = 90
"""Beat looks twice a minute, and a worker that was killed has to come up first."""


class StubbornSociety(Society):
    """A society all of whose people are stubborn."""

    def _newcomer(self) -> Stubborn:
        return Stubborn(self.url)


@dataclass
class Town:
    """`folder` is the platform's FAULTS. Each journey leaves shop and resident as able as it found them."""

    stack: Stack
    folder: Path
    realm: Realm
    society: StubbornSociety
    shop: Shop
    resident: Stubborn
    admin: Stubborn

    @classmethod
    def of(cls, stack: Stack, folder: Path, realm: Realm) -> Town:
        society = StubbornSociety(stack.url)
        shop, resident = society.open_shop(Rice=STOCK), society.resident(money=RUPEES)
        bank = {"bank_name": "State Bank", "account_number": "001234567890", "ifsc_code": "SBIN0001234"}
        shop.owner.post("/vendor/payout/setup", bank)
        assert isinstance(resident, Stubborn)
        admin = Stubborn(stack.url, ADMIN_PHONE)
        session = realm.new_session(realm.person(f"+91{ADMIN_PHONE}"))
        claims = realm.access_claims(session.person.phone, session.sid)
        admin.token = realm.token(claims | {"exp": claims["iat"] + LONG_SECONDS})
        return cls(stack, folder, realm, society, shop, resident, admin)

    @property
    def owner(self) -> Stubborn:
        assert isinstance(self.shop.owner, Stubborn)
        return self.shop.owner

    def newcomer(self, role: str) -> Stubborn:
        """Somebody signed in, with the basic onboarding done."""
        phone = Stubborn(self.stack.url)
        phone.sign_in()
        phone.make("/onboarding/basic", {"name": "Ravi", "city": CITY, "society": self.society.name, "role": role})
        return phone

    def stamp(self) -> str:
        """A word that no other journey has."""
        return secrets.token_hex(6)

    # ---- what strikes

    @contextmanager
    def struck(self, point: str, effect: str) -> Iterator[None]:
        """The fault waits at its point during the block, and must have struck there."""
        self.arm(point, effect)
        try:
            yield
            until(lambda: self.has_struck(point), seconds=SEEN_SECONDS, what=f"{point} is passed")
        finally:
            for left in (point, f"{point}{faults.STRUCK}"):
                (self.folder / left).unlink(missing_ok=True)

    def arm(self, point: str, effect: str) -> None:
        """Put the fault there, whole at once."""
        new = self.folder / f"{point}.new"
        new.write_text(effect)
        new.rename(self.folder / point)

    def has_struck(self, point: str) -> bool:
        return (self.folder / f"{point}{faults.STRUCK}").exists()

    # ---- what people do and hold

    def order(self, *statuses: str, pieces: int = 2) -> int:
        """An order paid from the wallet, which the vendor has taken through these statuses."""
        self.resident.post("/consumer/cart/clear")
        fill_cart(self.resident, self.shop, Rice=pieces)
        # Adding has no key: asked again after somebody else's process died with the answer, it would have added twice.
        self.resident.post("/consumer/cart/update", {"item_id": self.shop.items["Rice"], "quantity": pieces})
        order_id = int(self.resident.post("/consumer/order/confirm", {"payment_mode": "wallet"})["order_id"])
        for status in statuses:
            self.shop.set_status(order_id, status)
        return order_id

    def withdraw(self) -> None:
        """All that the shop has earned is paid out, once."""
        before = len(self.owner.get("/vendor/payouts", limit=100)["payouts"])
        until(lambda: self.shop.balance() > 0, seconds=SEEN_SECONDS, what="what was sold is paid")
        self.owner.post("/vendor/wallet/withdraw", {"amount": self.shop.balance()})
        assert self.shop.balance() == 0

        def is_paid() -> bool:
            let_payouts_be_due(self.stack)
            found = self.owner.get("/vendor/payouts", limit=100)["payouts"]
            return len(found) == before + 1 and found[0]["status"] == "paid"

        until(is_paid, seconds=PAID_SECONDS, what="the payout is paid")

    def until_granted(self, who: Stubborn, path: str, body: object = None) -> None:
        """Somebody does what is right only when their side has heard what the other one did."""

        def is_granted() -> bool:
            answer = who.answered(path, json=body)
            assert answer.status_code in (200, 400), answer.text
            return answer.status_code == 200

        until(is_granted, seconds=SEEN_SECONDS, what=f"{path} is granted")

    def is_on_both_sides(self, order_id: int, status: str) -> None:
        """Both sides come to say so."""

        def agree() -> bool:
            mine = self.resident.get(f"/consumer/orders/{order_id}")["order"]["status"]
            return {mine, self.shop.orders()[order_id]["status"]} == {status}

        until(agree, seconds=SEEN_SECONDS, what=f"order {order_id} is {status} on both sides")

    def holdings(self) -> tuple[float, float, int]:
        """Rupees of the resident and of the shop, pieces that can be sold."""
        balance = float(self.resident.get("/consumer/wallet")["balance"])
        return balance, self.shop.balance(), self.shop.stock("Rice")

    @contextmanager
    def moves(self, *, resident: float = 0, shop: float = 0, stock: int = 0) -> Iterator[None]:
        """The block moves exactly so many rupees and pieces; what is in flight at its end arrives."""
        before = self.holdings()
        yield
        after = (before[0] + resident, before[1] + shop, before[2] + stock)
        until(lambda: self.holdings() == after, seconds=SEEN_SECONDS, what=f"{before} becomes {after}")
