"""The conversation about an order, as the vendor sees it."""
