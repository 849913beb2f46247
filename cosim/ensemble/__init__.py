"""Calibration by ensemble: every parameter set that gives the compound that is known, instead of a lucky one."""
