"""Memory that is free in this process: given back to the machine, where the C library is one that keeps it."""

import ctypes
import sys

ARENAS = 2
"""Pools of memory that all threads share; the C library would make one for each of many threads."""
_M_ARENA_MAX = -8


def share_pools() -> None:
    """Let all threads take memory from a few pools; before there are threads."""
    library = _glibc()
    if library is not None:
        library.mallopt(_M_ARENA_MAX, ARENAS)


def give_back() -> None:
    """Give free memory back to the machine."""
    library = _glibc()
    if library is not None:
        library.malloc_trim(0)


def _glibc() -> ctypes.CDLL | None:
    """Return the C library, if it is the one that knows these calls."""
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "malloc_trim") and hasattr(library, "mallopt") else None
