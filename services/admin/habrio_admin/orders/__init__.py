"""Orders, as an administrator sees them."""
