"""Vendors' money on its way to their banks: asked for once, sent once, settled once (ADR 0013)."""
