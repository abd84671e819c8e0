"""Returns: what comes back of a delivered order, and the money that goes back with it."""
