"""What the tests stand on: running stacks, clients, a society."""
