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
  -2  order 1  cleaning_greening placed
  -2  order 1  cleaning_greening taken at the office
  -2  order 2  elderly_care      placed
  -2  order 2  elderly_care      taken at the office
   2  order 1  cleaning_greening accepted
   2  order 2  elderly_care      accepted
   2  order 2  elderly_care      begun by government
   4  order 1  cleaning_greening begun by government
   5  order 1  cleaning_greening delivered
   5  order 1  cleaning_greening signed off
   5  order 2  elderly_care      delivered
   5  order 2  elderly_care      signed off
   8  order 3  roads_parking     placed
   8  order 3  roads_parking     taken at the office
  10  order 4  heating           placed
  10  order 4  heating           taken at the office
  10  order 5  childcare         placed
  10  order 5  childcare         taken at the office"""


def test_work_begins_in_the_warm_up_too_without_a_meeting_to_talk_about_it():
    never = {"deliberate.hours_per_meeting": 10_000.0}
    community = Community("village", rng=1, check=True, **never, **{"study.warmup_months": 24, "study.months": 1})
    community.run()
    assert community.months["meetings"].sum() == 0.0
    orders = [*community.world.orders.ended, *community.world.orders.open.values()]
    begun = [month for order in orders for month, what in order.history if what.startswith("begun")]
    assert min(begun) < 0


def test_many_centres_answer_in_the_community():
    assert log_of(**REFORM) == """\
  -2  order 1  cleaning_greening placed
  -2  order 1  cleaning_greening taken at the office
  -2  order 2  elderly_care      placed
  -2  order 2  elderly_care      taken at the office
   2  order 1  cleaning_greening accepted
   2  order 1  cleaning_greening begun by social_organisation_1
   2  order 2  elderly_care      accepted
   2  order 2  elderly_care      begun by social_organisation_1
   4  order 1  cleaning_greening delivered
   4  order 1  cleaning_greening signed off
   4  order 3  childcare         placed
   4  order 3  childcare         taken at the office
   5  order 4  security          placed
   5  order 4  security          taken in the community
   7  order 2  elderly_care      delivered
   7  order 2  elderly_care      signed off
   8  order 3  childcare         accepted
   8  order 3  childcare         begun by social_organisation_1
   8  order 5  roads_parking     placed
   8  order 5  roads_parking     taken at the office
  10  order 6  heating           placed
  10  order 6  heating           taken in the community
  11  order 3  childcare         delivered, but it misses the need
  11  order 3  childcare         reopened
  11  order 6  heating           begun by public_unit_1"""
