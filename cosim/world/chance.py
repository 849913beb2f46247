"""Keyed random numbers: a draw is a function of (seed, month, purpose, key), never "the next number".

The same person has the same luck in every scenario; neither order, nor processes, nor who else exists matters.
Draws are the output function of SplitMix64 (Steele, Lea & Flood 2014) on `stream + key * odd constant`, where
the stream mixes seed, month and purpose with the same function.

Keys: a person is (household, place in it, arrival); a household (household, arrival); a pair of people both
person keys; an order its number; a facility (category, place).
"""

from enum import IntEnum, unique
from functools import lru_cache
from zlib import crc32

import numpy as np

from cosim.rules.compiled import rule

PHI = np.uint64(0x9E3779B97F4A7C15)
FIRST = np.uint64(0xBF58476D1CE4E5B9)
SECOND = np.uint64(0x94D049BB133111EB)
INT_PHI, INT_FIRST, INT_SECOND, MASK = int(PHI), int(FIRST), int(SECOND), 2**64 - 1
S30, S27, S31 = np.uint64(30), np.uint64(27), np.uint64(31)
S48, S32, S24, S16 = np.uint64(48), np.uint64(32), np.uint64(24), np.uint64(16)
SLICES = 4096
LOW12, LOW16 = np.uint64(0xFFF), np.uint64(0xFFFF)


@unique
class Purpose(IntEnum):
    """What a draw decides, and the key it takes."""

    PLACE = 1  # which household an adult lives in: number of the adult
    ORIGIN = 2  # migrant or long-term: household
    CHILDREN = 3  # household
    AREA = 4  # household
    TASTE = 5  # readiness to pay: household
    PAYS_AT_FIRST = 6  # household
    AGE = 7  # person
    MEMBER = 8  # person
    COOPERATOR = 9  # person
    THRESHOLD = 10  # person
    HOURS = 11  # person
    SET_POINT = 12  # person, target
    COMMON = 13  # common factor of set points: person
    TENURE = 14  # months lived here at the start: person
    SOCIABILITY = 15  # person
    TIE = 16  # pair
    STUB = 17  # acquaintance: person, number
    FAULT = 18  # facility
    SEVERITY = 19  # facility
    ENCOUNTER = 20  # person, target
    VISIT = 21  # person
    ORDER = 22  # person
    MEETING = 23  # person
    ASKED = 24  # person
    COPRODUCE = 25  # person
    VOTE = 26  # person
    STAND = 27  # person
    NOTICE = 28  # person
    LOST = 29  # order
    MISSED = 30  # order
    OVERSEEN = 31  # order
    REVIEW = 32  # household
    PAY = 33  # household
    LEAVE = 34  # household
    DIE = 35  # person
    JOIN = 36  # person (the place in the household)
    PARTNER = 37  # whom one meets: person
    ACQUAINT = 38  # pair
    TENANCY = 39  # household
    KEEPS_AT_FIRST = 40  # household
    SESSION = 41  # person
    KEEP = 42  # household
    CAUGHT = 43  # household
    DISPUTE = 44  # household
    RIVAL = 45  # household
    SETTLED = 46  # household
    BALLOT = 47  # person, matter
    PROXY = 48  # household, matter
    STANCE = 49  # household, matter
    TOLD = 50  # person
    FLOOD = 51  # building
    RENOVATED = 52  # facility


def purpose_of(name: str) -> int:
    """Return the purpose of draws that a mechanism makes: a number of its name, beyond all of `Purpose`."""
    return 2**32 + crc32(name.encode())


@rule
def mix(z: np.uint64) -> np.uint64:
    """Output function of SplitMix64: every input bit reaches every output bit."""
    z = (z ^ (z >> S30)) * FIRST
    z = (z ^ (z >> S27)) * SECOND
    return z ^ (z >> S31)


@rule
def bits(stream: np.uint64, key: np.uint64) -> np.uint64:
    """64 random bits for a key."""
    return mix(stream + key * PHI)


@rule
def uniform(stream: np.uint64, key: np.uint64) -> float:
    """Uniform draw in [0, 1) with 40 bits."""
    return np.float64(bits(stream, key) >> S24) * 2.0**-40


@rule
def bell(stream: np.uint64, key: np.uint64) -> float:
    """Bell-shaped draw with mean 0 and standard deviation 1: sum of four uniforms (Irwin-Hall), |x| < 3.47."""
    b = bits(stream, key)
    total = (
        np.float64(b >> S48)
        + np.float64((b >> S32) & LOW16)
        + np.float64((b >> S16) & LOW16)
        + np.float64(b & LOW16)
    )
    return ((total + 2.0) * 2.0**-16 - 2.0) * 1.7320508075688772


@rule
def slice_of(bits: np.uint64, number: int) -> np.uint64:
    """The `number`-th of five independent uniform draws below `SLICES` from one draw's bits."""
    return (bits >> np.uint64(12 * number)) & LOW12


@rule
def sub_key(key: np.uint64, number: int) -> np.uint64:
    """Key for the `number`-th draw of the same purpose by the same person."""
    return mix(key + np.uint64(number + 1) * SECOND)


@rule
def pair_key(a: np.uint64, b: np.uint64) -> np.uint64:
    """Key of an unordered pair."""
    return mix(min(a, b)) + max(a, b)


@lru_cache(maxsize=256)
def stream(seed: int, month: int, purpose: int) -> np.uint64:
    """Return the stream for one purpose in one month: `seed` >= 0; months of the warm-up are negative."""
    return np.uint64(_mix_int(_absorb(_luck_of_month(seed, month), int(purpose))))


@lru_cache(maxsize=8)
def _luck_of_month(seed: int, month: int) -> int:
    return _absorb(seed & MASK, month & MASK)


def _absorb(z: int, word: int) -> int:
    return _mix_int((z + INT_PHI) & MASK) ^ ((word * INT_SECOND) & MASK)


def _mix_int(z: int) -> int:
    z = ((z ^ (z >> 30)) * INT_FIRST) & MASK
    z = ((z ^ (z >> 27)) * INT_SECOND) & MASK
    return z ^ (z >> 31)


def draw(stream: np.uint64, key: int) -> float:
    """Return one uniform draw in [0, 1), the same that a kernel gets for this key."""
    return (_mix_int((int(stream) + key * INT_PHI) & MASK) >> 24) * 2.0**-40
