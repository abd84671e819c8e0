"""The audit log: what administrators did, in a chain of hashes that nobody can mend unseen."""
