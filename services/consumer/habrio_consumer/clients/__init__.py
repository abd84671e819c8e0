"""What this service needs of others, in its own words."""
