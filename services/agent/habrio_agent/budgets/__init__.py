"""What one person may ask in a day, and how much of the model they may use."""
