"""Telling a shop of a new order: by a message to its vendor's phone."""
