"""Messages between services that keep failing."""
