"""What runs by the clock and not on request."""
