"""The keyed draws of `cosim.world.chance` on Python's own integers."""

from cosim.world import chance

MASK = 2**64 - 1
PHI, FIRST, SECOND = int(chance.PHI), int(chance.FIRST), int(chance.SECOND)


def bits(stream: int, key: int) -> int:
    """64 random bits for a key."""
    return mix(stream + key * PHI)


def mix(z: int) -> int:
    """Output function of SplitMix64."""
    z &= MASK
    z = ((z ^ (z >> 30)) * FIRST) & MASK
    z = ((z ^ (z >> 27)) * SECOND) & MASK
    return z ^ (z >> 31)


def uniform(stream: int, key: int) -> float:
    """Uniform draw in [0, 1); written out, for it is called most."""
    z = (stream + key * PHI) & MASK
    z = ((z ^ (z >> 30)) * FIRST) & MASK
    z = ((z ^ (z >> 27)) * SECOND) & MASK
    return ((z ^ (z >> 31)) >> 24) * 2.0**-40


def bell(stream: int, key: int) -> float:
    """Bell-shaped draw with mean 0 and standard deviation 1."""
    b = bits(stream, key)
    total = (b >> 48) + ((b >> 32) & 0xFFFF) + ((b >> 16) & 0xFFFF) + (b & 0xFFFF)
    return ((total + 2.0) * 2.0**-16 - 2.0) * 1.7320508075688772


def slice_of(lots: int, number: int) -> float:
    """The `number`-th of five independent uniform draws in [0, 1) from one draw's bits."""
    return ((lots >> (12 * number)) & 0xFFF) * 2.0**-12


def sub_key(key: int, number: int) -> int:
    """Key for the `number`-th draw of the same purpose by the same person."""
    return mix(key + (number + 1) * SECOND)


def pair_key(a: int, b: int) -> int:
    """Key of an unordered pair."""
    return (mix(min(a, b)) + max(a, b)) & MASK


def person_key(household: int, place: int, arrival: int) -> int:
    """Key of a person, or with place 255 of a household."""
    return household << 32 | place << 24 | arrival
