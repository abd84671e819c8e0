"""Each panel of the dashboard asks a real Prometheus, which watches a real platform at work, and gets numbers."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from celery import Celery

from habrio_local import secrets, valkey
from habrio_local.home import CHECKOUT
from tests.monitoring.conftest import Monitoring
from tests.support.client import Phone
from tests.support.society import Shop, Society, buy
from tests.support.stack import Stack
from tests.support.waiting import until

DASHBOARD = CHECKOUT / "monitoring" / "grafana" / "dashboards" / "habrio.json"
SECONDS = 60
"""Prometheus has to come by twice before anything can be said to have grown."""

VARIABLES = {"$service": ".*", "$__rate_interval": "30s"}
"""What Grafana puts in: all services; four times the scrape interval at least."""


def queries() -> list[Any]:
    panels: list[dict[str, Any]] = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    return [
        pytest.param(target["expr"], id=f"{panel['title']}, {target['legendFormat'] or target['refId']}")
        for panel in panels
        for target in panel.get("targets", ())
    ]


class Town:
    """A shop and a resident who do one of everything that the dashboard shows."""

    def __init__(self, stack: Stack) -> None:
        society = Society(stack.url, patience_seconds=20)
        self.shop: Shop = society.open_shop(Rice=100_000)
        self.resident: Phone = society.resident(money=100_000)

    def live(self) -> None:
        self.shop.set_status(buy(self.resident, self.shop, Rice=2), "delivered")
        self.resident.get("/consumer/orders/999999999", expect=404)
        stranger = Phone(self.resident.url)  # another one each time: a phone gets six codes an hour
        stranger.post("/send-otp", {"phone": stranger.phone})
        stranger.post("/verify-otp", {"phone": stranger.phone, "otp": "000000"}, expect=401)


@pytest.fixture(scope="module")
def town(stack: Stack) -> Town:
    """With both ledgers proven once, as the platform's clock has it done each day."""
    kept = secrets.load_or_make(stack.home.secrets_file, {})
    celery = Celery(broker=valkey.url(stack.ports["valkey"], kept["REDIS_PASSWORD"]))
    for service in ("consumer", "vendor"):
        celery.send_task(f"{service}.prove_ledger", queue=service)
    return Town(stack)


@pytest.mark.parametrize("expression", queries())
def test_a_panel_has_data(expression: str, monitoring: Monitoring, town: Town) -> None:
    for name, value in VARIABLES.items():
        expression = expression.replace(name, value)
    assert "$" not in expression

    def has_data() -> bool:
        town.live()
        return any(not math.isnan(value) for _labels, value in monitoring.query(expression))

    until(has_data, seconds=SECONDS, what=f"there is data of {expression}")
