"""Keyed draws, judged by the tests that random number generators are judged by.

Every seed is fixed, so a test passes always or never. A p-value must lie between 1 in 1,000 and 999 in
1,000: a fair generator leaves that range for one choice of seed in 500, and draws that are too even are no
more random than draws that are not even enough.
"""

from collections.abc import Callable, Iterable
from itertools import combinations, pairwise

import numpy as np
import pytest
from scipy import stats

from cosim.world import chance
from cosim.world.chance import SLICES, Purpose, bell, draw, pair_key, slice_of, stream, sub_key, uniform
from cosim.world.population import person_key

N = 4096
"""Draws in one sample: 64 expected in each of 64 cells."""


def plausible(p: float) -> bool:
    """Whether a fair generator would give a p-value such as this 998 times in 1,000."""
    return 0.001 < p < 0.999


def evenness(x: np.ndarray, y: np.ndarray | None = None) -> float:
    """Return the p-value of Pearson's chi-square over 64 cells: of the interval, or of the square for pairs."""
    cells = np.histogram(x, 64, (0.0, 1.0))[0] if y is None else np.histogram2d(x, y, 8, [(0.0, 1.0)] * 2)[0]
    return float(stats.chisquare(cells.ravel()).pvalue)


def random_bits(stream: int, key: int) -> np.uint64:
    """Return the 64 bits of one draw, whichever form the rule has."""
    return np.uint64(chance.bits(np.uint64(stream), np.uint64(key)))


def over_keys(keys: Iterable[int], seed: int = 7, month: int = 3, purpose: Purpose = Purpose.ORDER) -> np.ndarray:
    """Draw once for each key, in one month and for one purpose."""
    now = stream(seed, month, purpose)
    return np.array([draw(now, key) for key in keys])


def over_streams(seeds: Iterable[int], months: Iterable[int], purposes: Iterable[Purpose], key: int) -> np.ndarray:
    """Draw once for the same key in every month of every seed and purpose."""
    return np.array([draw(stream(s, m, p), key) for s in seeds for p in purposes for m in months])


def people() -> list[int]:
    """Return the keys of 1,024 households of four adults."""
    return [int(person_key(household, place, 0)) for household in range(N // 4) for place in range(4)]


def arrivals() -> list[int]:
    """Return the keys of 4,096 people who lived in one row, one after another."""
    return [int(person_key(17, 2, arrival)) for arrival in range(N)]


def facilities() -> list[int]:
    """Return the keys of 64 categories in 64 buildings."""
    return [category << 32 | building for category in range(64) for building in range(64)]


SAMPLES: dict[str, Callable[[], np.ndarray]] = {
    "keys": lambda: over_keys(range(N)),
    "people": lambda: over_keys(people()),
    "arrivals": lambda: over_keys(arrivals()),
    "facilities": lambda: over_keys(facilities()),
    "months": lambda: over_streams([7], range(-24, N - 24), [Purpose.ORDER], 5),
    "seeds": lambda: over_streams(range(N), [3], [Purpose.ORDER], 5),
    "purposes": lambda: over_streams(range(N // len(Purpose) + 1), [3], Purpose, 5)[:N],
}
"""What may vary from one draw to the next, while everything else stays."""


@pytest.fixture(params=SAMPLES)
def sample(request: pytest.FixtureRequest) -> np.ndarray:
    return SAMPLES[request.param]()


def test_draws_fill_every_cell_alike(sample):
    assert sample.size == N
    assert plausible(evenness(sample))


def test_draws_are_uniform_by_kolmogorov_and_smirnov(sample):
    assert plausible(stats.kstest(sample, "uniform").pvalue)


def test_neighbouring_draws_know_nothing_of_each_other(sample):
    for lag in (1, 2, 4, 64):
        assert plausible(stats.pearsonr(sample[:-lag], sample[lag:]).pvalue)


def test_pairs_of_neighbouring_draws_fill_the_square_alike(sample):
    assert plausible(evenness(sample[::2], sample[1::2]))


def test_runs_up_and_down_are_as_long_as_they_should_be(sample):
    # Among n independent draws there are (2n - 1) / 3 monotone runs, with variance (16n - 29) / 90.
    turns = np.count_nonzero(np.diff(np.sign(np.diff(sample))))
    score = (turns + 1 - (2 * N - 1) / 3) / np.sqrt((16 * N - 29) / 90)
    assert plausible(stats.norm.cdf(score))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((7, 3, Purpose.VOTE), (7, 3, Purpose.STAND)),
        ((7, 3, Purpose.VOTE), (7, 4, Purpose.VOTE)),
        ((7, 3, Purpose.VOTE), (8, 3, Purpose.VOTE)),
        ((7, -1, Purpose.VOTE), (7, 1, Purpose.VOTE)),
        ((3, 7, Purpose.VOTE), (7, 3, Purpose.VOTE)),
    ],
    ids=["purposes", "months", "seeds", "before and after month 0", "seed and month swapped"],
)
def test_one_person_has_separate_luck_in_every_stream(one, other):
    a, b = over_keys(people(), *one), over_keys(people(), *other)
    assert plausible(stats.pearsonr(a, b).pvalue)
    assert plausible(evenness(a, b))


class TestAvalanche:
    """One changed bit of what a draw is keyed by changes every bit of the draw with probability one half."""

    @staticmethod
    def by_key(start: int) -> Callable[[int], np.uint64]:
        now, key = stream(7, start, Purpose.ORDER), int(random_bits(1, start))
        return lambda change: random_bits(now, key ^ change)

    @staticmethod
    def by_seed(start: int) -> Callable[[int], np.uint64]:
        seed = int(random_bits(2, start))
        return lambda change: random_bits(stream(seed ^ change, 3, Purpose.ORDER), 5)

    @staticmethod
    def by_month(start: int) -> Callable[[int], np.uint64]:
        month = int(random_bits(3, start))
        return lambda change: random_bits(stream(7, month ^ change, Purpose.ORDER), 5)

    @pytest.mark.parametrize("keyed", [by_key, by_seed, by_month], ids=["key", "seed", "month"])
    def test_half_of_the_bits_flip(self, keyed):
        differences = np.empty((64, 64), np.uint64)  # samples x bits that change
        for start in range(64):
            drawn = keyed(start)
            differences[start] = [drawn(0) ^ drawn(1 << bit) for bit in range(64)]
        flips = differences[:, :, None] >> np.arange(64, dtype=np.uint64) & np.uint64(1)
        # 4,096 coins for each mean: its standard deviation is 1/128, and among 128 fair means one is farther out
        # than 4.5 of them once in 1,000 times.
        for means in (flips.mean(axis=(0, 2)), flips.mean(axis=(0, 1))):
            assert np.abs(means - 0.5).max() < 4.5 / 128
        # All 262,144 together: the standard deviation is 1/1024.
        assert abs(flips.mean() - 0.5) < 3.3 / 1024


def test_the_five_slices_of_a_draw_are_uniform_and_independent():
    now = stream(7, 3, Purpose.ENCOUNTER)
    draws = [random_bits(now, key) for key in people()]
    slices = np.array([[slice_of(bits, number) for bits in draws] for number in range(5)]) / SLICES
    for part in slices:
        assert plausible(evenness(part))
    for a, b in combinations(slices, 2):
        assert plausible(stats.pearsonr(a, b).pvalue)
        assert plausible(evenness(a, b))


def test_slices_are_the_lowest_sixty_bits_cut_in_five():
    bits = random_bits(7, 3)
    together = sum(int(slice_of(bits, number)) * SLICES**number for number in range(5))
    assert together == int(bits) & (1 << 60) - 1


class TestBell:
    """Four uniforms added up (Irwin 1927, Hall 1927): nearly normal, and never further out than 3.47."""

    @pytest.fixture
    def values(self) -> np.ndarray:
        now = stream(7, 3, Purpose.THRESHOLD)
        return np.array([bell(now, np.uint64(key)) for key in range(4 * N)])

    def test_has_mean_0_and_standard_deviation_1(self, values):
        # Standard errors for 16,384 draws: 1/128 for the mean, 0.0051 for the deviation.
        assert abs(values.mean()) < 3.3 / 128
        assert values.std() == pytest.approx(1.0, abs=3.3 * 0.0051)

    def test_is_symmetric_and_a_little_flatter_than_normal(self, values):
        assert stats.skew(values) == pytest.approx(0.0, abs=3.3 * np.sqrt(6 / values.size))
        assert stats.kurtosis(values) == pytest.approx(-0.3, abs=3.3 * np.sqrt(24 / values.size))

    def test_is_the_sum_of_four_uniforms(self, values):
        def irwin_hall(x: np.ndarray) -> np.ndarray:
            s = 2.0 + np.asarray(x) / np.sqrt(3.0)
            terms = [(1, 0), (-4, 1), (6, 2), (-4, 3), (1, 4)]
            return sum(weight * np.maximum(s - k, 0.0) ** 4 for weight, k in terms) / 24.0

        assert plausible(stats.kstest(values, irwin_hall).pvalue)

    def test_is_bounded(self, values):
        assert np.abs(values).max() < 2.0 * np.sqrt(3.0)
        # All bits are zero for key 0 of stream 0, since the mixing function keeps zero. Each of the four uniforms
        # stands in the middle of its 65,536 cells, so that the mean is 0 and not half a cell less.
        lowest = bell(np.uint64(0), np.uint64(0))
        assert lowest == pytest.approx((4 * 0.5 / 65_536 - 2.0) * np.sqrt(3.0), rel=1e-12)


def test_bits_are_those_of_splitmix64():
    """The first five outputs for state 1234567 that implementations of SplitMix64 agree on."""
    published = [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]
    assert [int(random_bits(1234567, number)) for number in range(1, 6)] == published


def test_python_draws_what_a_kernel_draws():
    for seed, month, purpose in (
        (0, -24, Purpose.FAULT),
        (7, 0, Purpose.VOTE),
        (2**32 - 1, 119, Purpose.LOST),
    ):
        now = stream(seed, month, purpose)
        for key in [0, 1, 2**32, 2**64 - 1, *people()[:50]]:
            assert draw(now, key) == uniform(now, np.uint64(key))


def test_draws_lie_in_the_half_open_interval():
    ends = over_keys(people())
    assert 0.0 <= ends.min() < 0.002
    assert 0.998 < ends.max() < 1.0
    assert draw(np.uint64(0), 0) == 0.0


class TestKeysAndStreams:
    """No two things share their luck."""

    def test_every_purpose_has_a_number_of_its_own(self):
        assert sorted(Purpose) == list(range(1, len(Purpose) + 1))

    def test_streams_do_not_collide(self):
        streams = {int(stream(s, m, p)) for s in range(12) for m in range(-24, 60) for p in Purpose}
        assert len(streams) == 12 * 84 * len(Purpose)

    def test_seed_month_and_purpose_are_not_interchangeable(self):
        small = range(1, 12)
        streams = {int(stream(s, m, Purpose(p))) for s in small for m in small for p in small}
        assert len(streams) == 11**3

    def test_people_and_households_have_separate_keys(self):
        everybody = [
            int(person_key(household, place, arrival))
            for household in (0, 1, 2, 4_000_000)
            for place in (*range(12), 255)
            for arrival in (0, 1, 2**24 - 1)
        ]
        assert len(set(everybody)) == len(everybody) == 4 * 13 * 3

    def test_a_persons_key_can_be_read(self):
        assert int(person_key(5, 2, 9)) == 5 << 32 | 2 << 24 | 9

    def test_pairs_have_one_key_whoever_comes_first(self):
        some = [np.uint64(key) for key in people()[:150]]
        keys = {int(pair_key(a, b)) for a, b in combinations(some, 2)}
        assert len(keys) == 150 * 149 // 2
        assert all(pair_key(a, b) == pair_key(b, a) for a, b in pairwise(some))

    def test_sub_keys_of_all_people_differ(self):
        keys = {int(sub_key(np.uint64(key), number)) for key in people()[:1000] for number in range(20)}
        assert len(keys) == 20_000

    def test_a_sub_key_is_no_later_arrivals_key(self):
        persons = arrivals()[:50]
        keys = {int(sub_key(np.uint64(key), number)) for key in persons for number in range(20)}
        assert len(keys | set(persons)) == 1000 + 50

    def test_sub_keys_draw_evenly(self):
        keys = [int(sub_key(np.uint64(key), number)) for key in people()[: N // 8] for number in range(8)]
        sample = over_keys(keys)
        assert plausible(evenness(sample))
        assert plausible(stats.pearsonr(sample[:-1], sample[1:]).pvalue)

    def test_pair_keys_draw_evenly(self):
        some = [np.uint64(key) for key in people()[:92]]
        sample = over_keys([int(pair_key(a, b)) for a, b in combinations(some, 2)][:N])
        assert plausible(evenness(sample))
        assert plausible(stats.pearsonr(sample[:-1], sample[1:]).pvalue)
