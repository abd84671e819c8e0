"""What the platform costs: `make bench`. RESULTS.md says how to read what it writes."""
