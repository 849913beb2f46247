"""How fast cosim is, against the same rules in a plain Mesa model that gives the same results."""
