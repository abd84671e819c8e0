"""Returns as their consumer sees them, and the wish to send something back."""
