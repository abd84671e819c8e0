"""What a person asked and was answered, kept for a while."""
