"""Orders as their consumer sees them, and the customer's side of their life."""
