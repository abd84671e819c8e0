"""What consumers thought of delivered orders, as their shop's average."""
