"""The vendor's one shop: what it is, when it is open."""
