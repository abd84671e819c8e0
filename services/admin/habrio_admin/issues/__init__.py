"""Issues with orders, of every shop."""
