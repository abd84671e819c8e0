"""The platform's figures, day by day."""
