"""What carts ask of the vendor service."""

from __future__ import annotations

from habrio_shared.contracts.catalogue import QUOTE_PATH, Quote, QuotedItem, QuoteRequest
from habrio_shared.http_client import client
from habrio_shared.identity import Caller


def quote(caller: Caller, item_ids: list[int]) -> dict[int, QuotedItem]:
    """These items as they are now for somebody of the caller's society, by id; unknown ones are missing.

    One call however many items. TargetUnavailable when the vendor service is away.
    """
    asked = QuoteRequest(item_ids=item_ids, city=caller.city, society=caller.society)
    answer = client("vendor").request("POST", QUOTE_PATH, json=asked.model_dump(mode="json"))
    return {item.item_id: item for item in Quote.model_validate(answer).items}
