"""The month, one file per phase; `phases` has their order."""
