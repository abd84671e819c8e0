"""The customer's money: views on the ledger, and loading it."""
