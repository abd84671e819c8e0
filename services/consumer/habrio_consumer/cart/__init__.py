"""The cart: what a consumer means to order, from one shop at a time."""
