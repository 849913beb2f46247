"""The evaluation index: five parts between fixed anchors, each worked out on paper."""

import pytest

from cosim.community import Community
from cosim.outcomes.index import ANCHORS, evaluate
from cosim.outcomes.measures import MEASURES

WORST = {name: worst for name, (worst, _) in ANCHORS.items()}
BEST = {name: best for name, (_, best) in ANCHORS.items()}
PARTS = sorted(ANCHORS)


def test_every_part_is_0_at_its_worst_anchor_and_100_at_its_best():
    assert evaluate(WORST) == {"index": 0.0, **{f"index_{name}": 0.0 for name in ANCHORS}}
    assert evaluate(BEST) == {"index": 100.0, **{f"index_{name}": 100.0 for name in ANCHORS}}


@pytest.mark.parametrize("name", PARTS)
def test_half_of_the_way_is_50_and_a_fifth_of_it_for_the_whole(name):
    found = evaluate(WORST | {name: (WORST[name] + BEST[name]) / 2})
    assert found[f"index_{name}"] == pytest.approx(50.0)
    assert found["index"] == pytest.approx(10.0)
    assert sum(value == 0.0 for value in found.values()) == 4


@pytest.mark.parametrize("name", PARTS)
def test_beyond_an_anchor_nothing_is_gained_or_lost(name):
    beyond = 2 * BEST[name] - WORST[name]
    assert evaluate(WORST | {name: beyond})[f"index_{name}"] == 100.0
    below = 2 * WORST[name] - BEST[name]
    found = evaluate(BEST | {name: below})
    assert found[f"index_{name}"] == 0.0
    assert found["index"] == pytest.approx(80.0)


def test_a_place_worked_out_by_hand():
    """Six months of 24 waited: 75. 0.7 met the need: 70. A tenth informed of half: 20.

    600 yuan between 1,000 and 200: 50. A fifth take part and half of the promises are kept, 0.1 of 0.25: 40. Mean: 51.
    """
    found = evaluate({
        "convenience": 6.0, "precision": 0.7, "transparency": 0.1, "low_cost": 600.0, "participation": 0.2 * 0.5,
    })  # fmt: skip
    assert found == pytest.approx({
        "index": 51.0, "index_convenience": 75.0, "index_precision": 70.0, "index_transparency": 20.0,
        "index_low_cost": 50.0, "index_participation": 40.0,
    })  # fmt: skip


def test_every_part_is_a_measure_and_no_other():
    assert {name for name in MEASURES if name.startswith("index")} == set(evaluate(BEST))


def test_a_missing_value_is_no_zero():
    with pytest.raises(KeyError, match="precision"):
        evaluate({name: value for name, value in BEST.items() if name != "precision"})


@pytest.fixture(scope="module")
def community(compound) -> Community:
    reform = {"supply.mode": "multi_centre", "residents_sign_off.disclosure": True}
    return compound(**reform, **{"study.months": 18}).run()


class TestOfACompound:
    """What the parts are made of, month by month."""

    def test_the_index_is_the_mean_of_its_parts(self, community):
        months = community.months
        parts = [f"index_{name}" for name in ANCHORS]
        assert months["index"].to_numpy() == pytest.approx(months[parts].mean(axis=1).to_numpy())
        assert months["index"].between(0.0, 100.0).all()
        assert months["index"].nunique() > 5

    def test_parts_follow_their_measures(self, community):
        months = community.months
        worst, best = ANCHORS["low_cost"]
        yearly = 12.0 * months["cost_total"] / months["residents"]
        low_cost = (100.0 * (worst - yearly) / (worst - best)).clip(0.0, 100.0)
        assert months["index_low_cost"].to_numpy() == pytest.approx(low_cost.to_numpy())
        informed = (200.0 * months["informed"]).clip(0.0, 100.0)
        assert months["index_transparency"].to_numpy() == pytest.approx(informed.to_numpy())
        taking_part = (400.0 * months["participation"] * months["promises_kept"]).clip(0.0, 100.0)
        assert months["index_participation"].to_numpy() == pytest.approx(taking_part.to_numpy())

    def test_precision_and_waiting_are_those_of_the_order_book(self, community):
        world, latest = community.world, community.latest
        assert latest("index_precision") == pytest.approx(100.0 * world.precision)
        waiting = [world.month - order.placed for order in world.orders.open.values()]
        assert waiting
        wait = sum(waiting) / len(waiting)
        assert latest("index_convenience") == pytest.approx(100.0 * max(1.0 - wait / 24.0, 0.0))

    def test_a_place_where_nobody_waits_is_convenient(self, compound):
        quiet = compound(**{"taking_part.order_threshold": 2.0, "taking_part.steepness": 50.0}).run()
        assert quiet.months["orders_placed"].sum() == 0.0
        assert (quiet.months["index_convenience"] == 100.0).all()
