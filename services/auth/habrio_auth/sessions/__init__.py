"""Sessions: opened by a one-time password, kept alive by refresh tokens, ended by logout."""
