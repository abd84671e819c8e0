"""What was wrong with a delivered order, and how the shop answered."""
