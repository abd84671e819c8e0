"""What the vendor service needs of others."""
