"""What the admin service reads of orders, and does to wallets."""
