"""Vendors' money: what deliveries brought, as views on the ledger."""
