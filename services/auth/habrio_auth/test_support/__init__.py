"""What a development or testing stack shows of itself; staging and production have none of it."""
