"""The administrators' page: what the API under /admin offers, for people with a browser and nothing else (ADR 0018)."""
