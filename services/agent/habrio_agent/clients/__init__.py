"""What this service needs of others: a language model, and the platform as the person who asks sees it."""
