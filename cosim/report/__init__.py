"""What people take away: tables in the terminal, as JSON and as CSV; figures; progress."""
