"""A part is deployed alone: the previous release's consumer with this vendor, the reverse, and whatever else may meet.

The schemas are this release's all the time, since migrations come first: each mix is also old code on the new schema.
"""

from __future__ import annotations

import pytest

from tests.e2e import journey, test_returns
from tests.e2e.flows import Act, Flow, Market, PaymentMode, accept, confirm, deliver, modify
from tests.e2e.test_order_flows import JOURNEYS
from tests.releases.deployments import Deployments
from tests.support.society import Society

MIXES = {
    "the previous consumer": ("consumer",),
    "the previous vendor": ("vendor",),
    "the previous front door and log-in": ("gateway", "auth"),
}
"""Which parts are of the previous release; the others are of this one."""

of_an_order = pytest.mark.parametrize("mixed", list(MIXES)[:2], indirect=True)
"""Those where an order's two sides are of two releases."""

ROLLOUT: tuple[tuple[tuple[str, ...], tuple[Act, ...]], ...] = (
    (("vendor", "consumer"), (accept, modify(Rice=3))),
    (("consumer",), (confirm, modify(Rice=2))),
    ((), (confirm, deliver)),
)
"""Back to the previous release and forth again, one side at a time: what is of it, and what is done then."""


@pytest.fixture(scope="module")
def mixed(request: pytest.FixtureRequest, deployed: Deployments) -> Deployments:
    deployed.deploy(MIXES[request.param])
    return deployed


@pytest.fixture(scope="module")
def market(mixed: Deployments) -> Market:
    return market_of(mixed)


@of_an_order
@pytest.mark.parametrize("mode", ["wallet", "cash"])
@pytest.mark.parametrize("name", JOURNEYS)
def test_both_sides_agree_after_every_act_though_they_are_of_two_releases(
    market: Market, name: str, mode: PaymentMode
) -> None:
    flow = Flow(market, mode)
    for act in JOURNEYS[name]:
        act(flow)
        flow.check()


@pytest.mark.parametrize("mixed", MIXES, indirect=True)
def test_the_main_journey_is_walked_from_log_in_to_log_out(mixed: Deployments) -> None:
    journey.run(mixed.stack.url)


@of_an_order
@pytest.mark.parametrize("mode", ["wallet", "cash"])
def test_returns_give_back_what_was_paid_and_no_more(mixed: Deployments, mode: str) -> None:
    bought = test_returns.buy(mixed.stack, mode)
    test_returns.test_partial_returns_follow_each_other_until_nothing_is_left(bought)


def test_an_order_outlives_deployments(deployed: Deployments) -> None:
    """Acts between deployments: whichever release its two sides were of when it began, an order ends right."""
    deployed.deploy(())
    flows = [Flow(market_of(deployed), "wallet"), Flow(market_of(deployed), "cash")]
    for old, acts in ROLLOUT:
        deployed.deploy(old)
        for flow in flows:
            flow.check()
            for act in acts:
                act(flow)
                flow.check()


def market_of(deployed: Deployments) -> Market:
    society = Society(deployed.stack.url)
    return Market(deployed.stack, society.open_shop(Rice=1000, Tea=1000), society.resident(money=10_000))
