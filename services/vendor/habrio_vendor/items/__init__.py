"""The vendor's items: what they are, what they cost, how many there are."""
