"""The conversation about an order, as its consumer sees it."""
