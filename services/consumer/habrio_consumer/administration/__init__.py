"""What the admin service reads of orders and customers."""
