"""Payouts, of every vendor."""
