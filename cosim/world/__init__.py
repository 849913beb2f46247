"""What exists: people in columns, ties, facilities, the order book, accounts, and keyed random numbers."""
