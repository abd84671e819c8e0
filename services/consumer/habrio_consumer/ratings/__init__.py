"""What a consumer thought of a delivered order."""
