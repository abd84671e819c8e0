"""What the admin service asks of the others, in its own words."""
