"""The vendor's side of orders: the row that decides every race, and what it reserves."""
