"""The property firm: fees become work, less slack; a year of loss ends in exit, and somebody else comes."""

import pytest

from cosim.community import Community


@pytest.fixture
def firm():
    """The firm of a village, with 1,000 square metres to look after at 0.75 yuan for full effort."""
    return Community("village", rng=1, **{"property_firm.full_cost": 0.75}).institutions.firm


def earn(firm, income, months=60):
    for _ in range(months):
        if not firm.absent_for:
            firm.world.ledger.pay("households", firm.account, income)
        firm.manage(income, 1000.0)


def test_without_a_judge_slack_is_kept_and_effort_stays_low(firm):
    earn(firm, 600.0)
    assert firm.effort == pytest.approx(600 * (1 - 0.38) / 750, abs=1e-4)


def test_rated_by_residents_the_same_fees_become_more_work(firm):
    firm.rated = True
    earn(firm, 600.0)
    assert firm.effort == pytest.approx(600 * (1 - 0.10) / 750, abs=1e-4)


def test_effort_has_a_floor_and_a_ceiling(firm):
    earn(firm, 200.0)
    assert firm.effort == pytest.approx(0.22)
    earn(firm, 5000.0)
    assert firm.effort == pytest.approx(1.0, abs=1e-4)


def test_a_year_of_loss_ends_in_exit_and_nobody_takes_over_a_ruin(firm):
    earn(firm, 10.0, months=13)
    assert (firm.absent_for > 0, firm.effort) == (True, 0.0)
    earn(firm, 10.0, months=24)
    assert firm.absent_for > 24


def test_another_firm_comes_when_fees_would_carry_the_least_effort(firm):
    earn(firm, 10.0, months=13)
    earn(firm, 300.0, months=4)
    assert firm.absent_for == 0
    assert firm.effort >= 0.22


def test_a_firm_keeps_its_cash_over_the_year(firm):
    firm.world.ledger.pay("outside", firm.account, 500.0)
    firm.world.month = 12
    firm.receive_budget()
    assert firm.world.ledger.balance[firm.account] == 500.0


def test_without_a_fee_nobody_works_harder():
    village = Community("village", rng=1, check=True, **{"fee.rate": 0.0}).run()
    assert village.months["firm_effort"].max() <= 0.22
