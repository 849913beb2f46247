"""Results for other programs: tables, statistics packages, networks, and a description of every column."""
