"""Tidying up."""
