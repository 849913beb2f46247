"""What can go wrong with rules before any is used."""


class CacheError(OSError):
    """Compiled code can be kept nowhere; the text says where it was tried and what to do."""
