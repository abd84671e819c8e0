"""The auth service: users, one-time passwords, sessions."""
