"""The vendor service: shops, their catalogue and stock, the vendor's side of orders, vendors' money."""
