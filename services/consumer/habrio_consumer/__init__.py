"""The consumer service: profiles, carts, orders' content, and customers' money."""
