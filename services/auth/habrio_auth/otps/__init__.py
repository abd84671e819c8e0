"""One-time passwords: sent, and compared."""
