"""Mesa agents: residents as windows on their columns, and the institutions."""
