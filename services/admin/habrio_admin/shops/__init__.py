"""Shops, as an administrator sees them, and their marks."""
