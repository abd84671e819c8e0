"""Both ledgers, proven together."""
