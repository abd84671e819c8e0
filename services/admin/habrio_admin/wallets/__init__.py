"""Money given to wallets, and taken from them, by administrators."""
