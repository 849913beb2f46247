"""One file for each pattern, or for a few that are read in the same way."""
