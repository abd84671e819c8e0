"""What was wrong with delivered orders, and the shop's answers."""
