"""A dozen people, read line by line: the five stages as an order lives through them."""

from cosim.community import Community

REFORM = {
    "supply.mode": "multi_centre",
    "residents_order.order_desk": True,
    "party_takes.delegation": True,
    "deliberate.meetings": 6,
    "residents_sign_off.acceptance_check": True,
}


def log_of(**overrides):
    community = Community("village", rng=1, check=True, **overrides)
    community.run()
    return "\n".join(community.world.orders.log(community.world.facilities.names))


def test_one_centre_answers_after_its_tiers():
    assert log_of() == """\
"""


def test_many_centres_answer_in_the_community():
    assert log_of(**REFORM) == """\
"""
