"""How much a cart may hold."""

from __future__ import annotations

from habrio_shared.contracts.catalogue import QUOTE_ITEMS_MAX

QUANTITY_MAX = 10
LINES_MAX = QUOTE_ITEMS_MAX
"""One question to the vendor service covers a whole cart."""
