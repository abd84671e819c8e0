"""The review queue: vendors' businesses and documents."""
