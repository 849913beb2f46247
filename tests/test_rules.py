"""Every rule by an example that can be worked on paper, and what its source says about it.

A rule is asked twice, as plain Python and as compiled code, and both must answer the same.
"""

import math
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import cosim.rules
from cosim.rules import (
    belonging,
    commons,
    experience,
    facilities,
    fee,
    handling,
    moving,
    numeric,
    taking_part,
    talk,
    ties,
    trust,
    voting,
)
from cosim.world.columns import NEVER

LN2 = math.log(2.0)
FLOAT32 = {"rel": 1e-6, "abs": 1e-6}
"""How exact an answer is: columns and constants are float32, with 24 bits (6e-8 below 1), rounded some steps long."""
FEE = {"w_service": 10.0, "neutral_service": 0.5, "w_trust": 4.0, "w_others": 4.0}
HANDLING = {"w_outcome": 0.6, "w_wait": 0.15, "w_reply": 0.15, "w_explained": 0.1}
BELONGING = {"settling": 80.0, "w_time": 0.35, "w_ties": 0.3, "w_condition": 0.25, "w_orders": 0.1}
REPAIR = {"full_cost": 12_000.0, "visit_share": 0.25, "severity_share": 1.4}
KEEPING = {"w_others": 2.0, "w_belonging": 1.5, "w_sanction": 3.0, "w_reward": 0.8}
AGREEING = {"w_need": 3.0, "w_trust": 4.0, "w_cost": 1.0}
INTENTION = {"w_attitude": 0.4, "w_norm": 0.2, "w_control": 0.4}


def leaving(satisfied: float, belonging: float, w_satisfaction: float = 1.5) -> dict[str, float]:
    """Return the numbers of a household that usually moves with probability 0.024 a month."""
    who = {"rate": 0.024, "satisfied": satisfied, "belonging": belonging}
    return who | {"w_satisfaction": w_satisfaction, "w_belonging": 1.0, "usual_belonging": 0.4}


def paying(**reasons: float) -> dict[str, float]:
    """Return the numbers of a household that has no reason either way, but for those named."""
    none = {"service": 0.5, "trust_firm": 0.5, "others": 0.0, "burden": 0.0, "taste": 0.0, "intercept": 0.0}
    return none | FEE | reasons


def keeping(**reasons: float) -> dict[str, float]:
    """Return the numbers of a household that has no reason to keep or to encroach, but for those named."""
    none = {"others": 0.0, "belonging": 0.5, "deterrence": 0.0, "reward": 0.0, "intercept": 0.0}
    return none | KEEPING | reasons


def agreeing(**reasons: float) -> dict[str, float]:
    """Return the numbers of an owner who has no reason to agree or to refuse, but for those named."""
    return {"need": 0.0, "trust": 0.5, "cost": 0.0, "intercept": 0.0} | AGREEING | reasons


def told(rule: Any, **numbers: float) -> float:
    """Return what a rule answers to float32, as kernels ask it, after asking its compiled form as well."""
    asked = {name: np.float32(x) if isinstance(x, float | np.floating) else x for name, x in numbers.items()}
    answer = rule.py_func(**asked)
    assert rule(**asked) == pytest.approx(answer, **FLOAT32)
    return float(answer)


def example(answer: float, rule: Any, **numbers: float) -> tuple[float, Any, dict[str, float]]:
    return answer, rule, numbers


EXAMPLES = {
    # Trust. At trust 0.5 a step is gain x signal: 0.05 x 0.4 = 0.02.
    "good news at trust one half moves it by gain times signal": example(
        0.52, trust.believe, trust=0.5, signal=0.4, gain=0.05, loss_ratio=2.0, notice=0.05
    ),
    "the same bad news moves it twice as far": example(
        0.46, trust.believe, trust=0.5, signal=-0.4, gain=0.05, loss_ratio=2.0, notice=0.05
    ),
    "at trust 0.9 there is 4 x 0.9 x 0.1 = 0.36 of that step": example(
        0.9072, trust.believe, trust=0.9, signal=0.4, gain=0.05, loss_ratio=2.0, notice=0.05
    ),
    "what is too weak to notice changes nothing": example(
        0.5, trust.believe, trust=0.5, signal=-0.04, gain=0.05, loss_ratio=2.0, notice=0.05
    ),
    "trust never ends quite": example(
        0.001, trust.believe, trust=0.5, signal=-1.0, gain=0.5, loss_ratio=3.0, notice=0.05
    ),
    "trust goes a fiftieth of its way back": example(
        0.796, trust.return_to_set_point, trust=0.8, set_point=0.6, pull=0.02
    ),
    # Expectation: 0.4 is lived with and 0.06 hoped for on top, so 0.5 comes down by 0.03 x 0.04.
    "people get used to bad service": example(
        0.4988, experience.expectation, expected=0.5, lived=0.4, aspiration=0.06, ceiling=0.9, adaptation=0.03
    ),
    "nobody hopes beyond the ceiling": example(
        0.85, experience.expectation, expected=0.8, lived=0.88, aspiration=0.06, ceiling=0.9, adaptation=0.5
    ),
    "but service above the ceiling is expected once it is lived with": example(
        0.93, experience.expectation, expected=0.9, lived=0.96, aspiration=0.06, ceiling=0.9, adaptation=0.5
    ),
    # Satisfaction: target 0.6 + 0.8 x (0.6 - 0.4) = 0.76, and 0.3 of the way from 0.5 there.
    "service above expectation satisfies beyond its level": example(
        0.578, experience.satisfaction, satisfied=0.5, lived=0.6, expected=0.4, disconfirmation=0.8, pace=0.3
    ),
    "service below expectation satisfies less than its level": example(
        0.37, experience.satisfaction, satisfied=0.5, lived=0.4, expected=0.6, disconfirmation=0.8, pace=0.5
    ),
    "nobody is more than satisfied": example(
        0.65, experience.satisfaction, satisfied=0.5, lived=0.9, expected=0.2, disconfirmation=0.8, pace=0.3
    ),
    "half as important, half the complaint": example(
        0.1, experience.complaint, expected=0.6, condition=0.4, importance=0.5
    ),
    "no complaint about what is better than expected": example(
        0.0, experience.complaint, expected=0.4, condition=0.6, importance=1.0
    ),
    # Facilities.
    "wear takes a twentieth of what stands above ruin": example(
        0.5, facilities.deteriorated, condition=0.52, rate=0.05, floor=0.12
    ),
    "upkeep is share x effort x gain of what is missing": example(
        0.52, facilities.maintained, condition=0.5, share=0.8, effort=0.5, gain=0.1
    ),
    "half a ruin costs the visit and half of the severity": example(
        11_400.0, facilities.repair_cost, condition=0.5, **REPAIR
    ),
    "what is in order costs the visit alone": example(3_000.0, facilities.repair_cost, condition=1.0, **REPAIR),
    "work that misses the need brings half of the way": example(
        0.66, facilities.repaired, condition=0.4, workmanship=0.92, fit=0.5
    ),
    "work never makes things worse": example(0.95, facilities.repaired, condition=0.95, workmanship=0.92, fit=1.0),
    # The property fee. Readiness is in logits: nothing is an even chance, ln 3 is three in four.
    "service is condition and effort, weighed": example(
        0.62, fee.property_service, condition=0.4, effort=0.8, w_condition=0.45
    ),
    "no reason either way: an even chance": example(0.5, fee.paying, **paying()),
    "four pushes of one logit against a burden of three and a distaste of one": example(
        0.5,
        fee.paying,
        **paying(intercept=1.0, service=0.6, trust_firm=0.75, others=0.25, burden=3.0, taste=-1.0),
    ),
    "a taste of ln 3: three in four pay": example(0.75, fee.paying, **paying(taste=math.log(3.0))),
    # Keeping what is shared, in logits: ln 3 is three in four.
    "no reason to keep or to encroach": example(0.5, commons.keeping, **keeping()),
    "neighbours who keep (0.4) against no belonging (-0.75), deterred (0.15) and rewarded (0.2)": example(
        0.5, commons.keeping, **keeping(others=0.2, belonging=0.0, deterrence=0.05, reward=0.25)
    ),
    "three encroach where ln 3 speaks for it": example(0.25, commons.keeping, **keeping(intercept=-math.log(3.0))),
    "watched and sanctioned for certain, against a readiness of -3 + ln 3": example(
        0.75, commons.keeping, **keeping(deterrence=1.0, intercept=math.log(3.0) - 3.0)
    ),
    "200 yuan a year against a distaste of 1.6": example(0.5, commons.keeping, **keeping(reward=2.0, intercept=-1.6)),
    "full belonging and all that neighbours can do (0.4 of a slope of 0.8)": example(
        0.75, commons.keeping, **keeping(others=0.4, belonging=1.0, intercept=math.log(3.0) - 1.55)
    ),
    "who was never warned fears half of the sanction": example(0.3, commons.severity, sanction=0.6, warned=False),
    "who was, all of it": example(0.6, commons.severity, sanction=0.6, warned=True),
    "where half encroach, wear is as usual": example(0.045, commons.worn, rate=0.045, encroaching=0.5, intensity=1.2),
    "where all do, it is 1 + 1.2 x 0.5 of it": example(0.064, commons.worn, rate=0.04, encroaching=1.0, intensity=1.2),
    "where nobody does, 1 - 1.2 x 0.5": example(0.016, commons.worn, rate=0.04, encroaching=0.0, intensity=1.2),
    # An owner's vote.
    "no reason to agree or to refuse": example(0.5, voting.agreeing, **agreeing()),
    "need (0.6) and trust (0.4) against two months' fee, after a readiness of 1": example(
        0.5, voting.agreeing, **agreeing(need=0.2, trust=0.6, cost=2.0, intercept=1.0)
    ),
    "a proposer nobody trusts loses two logits": example(
        0.75, voting.agreeing, **agreeing(trust=0.0, intercept=2.0 + math.log(3.0))
    ),
    "each month of the fee is a logit": example(
        0.25, voting.agreeing, **agreeing(cost=1.5, intercept=1.5 - math.log(3.0))
    ),
    # Handling: 0.6 + 0.15 x (1 - 0.5) + 0.15.
    "solved, half of one's patience used, answered, not explained": example(
        0.825, handling.judgement, outcome=1.0, wait=0.5, replied=1.0, explained=0.0, **HANDLING
    ),
    "a result 0.15 better than expected and what passes without a word": example(
        0.375, handling.result_signal, condition=0.7, expected=0.5, margin=0.05, gain=2.5
    ),
    "no result shouts louder than one": example(
        -1.0, handling.result_signal, condition=0.0, expected=1.0, margin=0.05, gain=2.5
    ),
    "a good memory fades": example(0.86, handling.fading, memory=0.9, rate=0.1),
    "a bad memory fades": example(0.14, handling.fading, memory=0.1, rate=0.1),
    # Moving.
    "who is neither content nor discontent moves at the usual rate": example(
        0.024, moving.leaving, **leaving(satisfied=0.5, belonging=0.4)
    ),
    "a pull of ln 2 halves it": example(
        0.012, moving.leaving, **leaving(satisfied=1.0, belonging=0.4, w_satisfaction=2.0 * LN2)
    ),
    "nobody moves more than once a month": example(
        1.0, moving.leaving, **leaving(satisfied=0.0, belonging=0.0, w_satisfaction=10.0)
    ),
    "a yearly hazard of a tenth, month by month": example(
        0.1 / 12.0, moving.dying, age=70.0, log_hazard=math.log(0.1) - 7.0, slope=0.1
    ),
    "nobody dies more than once": example(1.0, moving.dying, age=130.0, log_hazard=0.0, slope=0.3),
    # Arithmetic.
    "above": example(1.0, numeric.clip, x=1.2, low=0.0, high=1.0),
    "below": example(0.0, numeric.clip, x=-0.2, low=0.0, high=1.0),
    "within": example(0.2, numeric.clip, x=0.2, low=0.0, high=1.0),
    "no reason either way": example(0.5, numeric.logistic, x=0.0),
    # Taking part. The type is 0 conditional, 1 free rider, 2 hump-shaped.
    "a conditional cooperator follows, not all the way": example(
        0.4, taking_part.conditional_response, cooperator=taking_part.CONDITIONAL, share=0.5, slope=0.8
    ),
    "a free rider gives nothing": example(
        0.0, taking_part.conditional_response, cooperator=taking_part.FREE_RIDER, share=1.0, slope=0.8
    ),
    "a hump-shaped cooperator follows a few": example(
        0.2, taking_part.conditional_response, cooperator=taking_part.HUMP_SHAPED, share=0.25, slope=0.8
    ),
    "and lets many do it": example(
        0.2, taking_part.conditional_response, cooperator=taking_part.HUMP_SHAPED, share=0.75, slope=0.8
    ),
    "belief times grievance": example(0.2, taking_part.attitude, belief=0.5, grievance=0.4),
    "efficacy less cost": example(-0.1, taking_part.control, efficacy=0.3, cost=0.4),
    "0.4 x 0.2 + 0.2 x 0.1 + 0.4 x 0.1": example(
        0.14, taking_part.intention, attitude=0.2, norm=0.1, control=0.1, **INTENTION
    ),
    "an intention at the threshold acts at half of the ceiling": example(
        0.165, taking_part.probability, intention=0.4, threshold=0.4, steepness=9.0, ceiling=0.33
    ),
    "half rested": example(0.5, taking_part.fatigue, months_since=3.0, span=6.0),
    "tired": example(1.0, taking_part.fatigue, months_since=0.0, span=6.0),
    "rested": example(0.0, taking_part.fatigue, months_since=7.0, span=6.0),
    # A push of 0.5 x 0.5 x (0.2 + 0.8 x 0.5) = 0.15 on the 0.8 that are not mobilised yet.
    "a visit by members who are half trusted and keep half of their promises": example(
        0.32, taking_part.mobilise, mobilised=0.2, trust_party=0.5, kept=0.5, floor=0.2, strength=0.5
    ),
    # Talk.
    "a community of scale x ln 2 is half small enough": example(0.5, talk.smallness, adults=1000.0 * LN2, scale=1000.0),
    "the informed see half of what cannot be seen anyway": example(
        0.7, talk.visibility, informed=0.5, smallness=0.2, floor=0.4
    ),
    "in a small community everyone does": example(0.7, talk.visibility, informed=0.1, smallness=0.5, floor=0.4),
    "news fades": example(0.68, talk.forgetting, informed=0.8, heard=0.1, loss=0.15),
    "unless it is heard again": example(0.9, talk.forgetting, informed=0.8, heard=0.9, loss=0.15),
    "a tenth of the way to halfway between the others' trust and the own set point": example(
        0.51, talk.swayed, trust=0.5, others=0.8, set_point=0.4, stubbornness=0.5, pace=0.1
    ),
    "nobody sways the stubborn": example(
        0.49, talk.swayed, trust=0.5, others=0.8, set_point=0.4, stubbornness=1.0, pace=0.1
    ),
    # Thresholds (0.3 + 2 x 0.1 + 0.05).
    "a person more reluctant than others, and a form harder than a meeting": example(
        0.55, taking_part.personal_threshold, mean=0.3, stretch=2.0, own=0.1, harder=0.05
    ),
    "a share just at the threshold is enough": example(
        0.33, taking_part.follows, seen=0.25, mobilisation=0.25, threshold=0.5, ceiling=0.33
    ),
    "a share below it is not": example(
        0.0, taking_part.follows, seen=0.25, mobilisation=0.125, threshold=0.5, ceiling=0.33
    ),
    "who needs nobody acts alone": example(
        0.33, taking_part.follows, seen=0.0, mobilisation=0.0, threshold=-0.125, ceiling=0.33
    ),
    # Ties.
    "a strong tie fades to its everyday strength": example(0.475, ties.everyday, strength=0.5, base=0.25, pace=0.1),
    "a newcomer's grows to it": example(0.07, ties.everyday, strength=0.05, base=0.25, pace=0.1),
    "acting together once": example(0.32, ties.joint_activity, strength=0.2, gain=0.15),
    "two strangers with two ties each": example(0.5, ties.acquaintance, degree_a=2.0, degree_b=2.0, crowding=0.25),
    "two strangers who know nobody": example(1.0, ties.acquaintance, degree_a=0.0, degree_b=0.0, crowding=0.25),
    # Belonging: half settled, half tied, condition 0.4, an order signed off: 0.175 + 0.15 + 0.1 + 0.1.
    "what a person who is half settled comes to feel": example(
        0.525,
        belonging.target,
        months_here=80.0,
        tie_strength=1.0,
        condition=0.4,
        signed_off=1.0,
        **BELONGING,
    ),
    "and a tenth of the way there": example(0.32, belonging.drift, belonging=0.3, target=0.5, pace=0.1),
}


@pytest.mark.parametrize(("answer", "rule", "numbers"), EXAMPLES.values(), ids=EXAMPLES)
def test_worked_example(answer, rule, numbers):
    # The logistic is within 5e-6, everything else as exact as its numbers.
    uses_logistic = rule in (commons.keeping, fee.paying, taking_part.probability, voting.agreeing)
    assert told(rule, **numbers) == pytest.approx(answer, **({"rel": 0, "abs": 5e-6} if uses_logistic else FLOAT32))


def test_every_rule_is_worked_out_here():
    modules = [import_module(f"cosim.rules.{path.stem}") for path in Path(cosim.rules.__path__[0]).glob("*.py")]
    rules = {
        f"{module.__name__}.{name}"
        for module in modules
        for name, thing in vars(module).items()
        if hasattr(thing, "py_func") and thing.py_func.__module__ == module.__name__
    }
    worked = {f"{rule.py_func.__module__}.{rule.py_func.__name__}" for _, rule, _ in EXAMPLES.values()}
    assert worked == rules


def log_odds(share: float) -> float:
    return math.log(share / (1.0 - share))


class TestTrust:
    """Slovic (1993): trust is easier to destroy than to create."""

    hears = staticmethod(
        lambda level, signal, ratio=2.0: told(
            trust.believe, trust=level, signal=signal, gain=0.05, loss_ratio=ratio, notice=0.05
        )
    )

    @pytest.mark.parametrize("level", [0.1, 0.5, 0.8])
    @pytest.mark.parametrize("ratio", [1.0, 2.0, 3.0])
    def test_bad_news_weighs_exactly_the_loss_ratio(self, level, ratio):
        gained = self.hears(level, 0.3, ratio) - level
        lost = level - self.hears(level, -0.3, ratio)
        assert lost == pytest.approx(ratio * gained, **FLOAT32)

    def test_a_step_is_the_same_in_log_odds_whatever_the_level(self):
        steps = [log_odds(self.hears(level, 0.1)) - log_odds(level) for level in (0.2, 0.5, 0.8)]
        assert steps == pytest.approx([4 * 0.05 * 0.1] * 3, rel=0.01)

    def test_the_weakest_signal_that_is_noticed_counts_in_full(self):
        assert self.hears(0.5, 0.05) == pytest.approx(0.5025, **FLOAT32)
        assert self.hears(0.5, np.nextafter(np.float32(0.05), np.float32(0.0))) == 0.5

    def test_without_news_half_of_a_grudge_is_gone_in_three_years(self):
        level = 0.2
        for _ in range(34):  # ln 0.5 / ln 0.98 = 34.3 months
            level = told(trust.return_to_set_point, trust=level, set_point=0.6, pull=0.02)
        assert 0.6 - level == pytest.approx(0.2, abs=0.002)


class TestTakingPart:
    """Fischbacher et al. (2001), Okun & Sloane (2002), Armitage & Conner (2001)."""

    def test_cooperators_fall_short_of_others_and_free_riders_of_everything(self):
        for share in (0.1, 0.5, 0.9):
            conditional, free_rider, hump = (
                told(taking_part.conditional_response, cooperator=kind, share=share, slope=0.8)
                for kind in (taking_part.CONDITIONAL, taking_part.FREE_RIDER, taking_part.HUMP_SHAPED)
            )
            assert free_rider == 0.0 < hump <= conditional < share

    def test_a_hump_has_its_top_at_one_half(self):
        gives = [
            told(taking_part.conditional_response, cooperator=taking_part.HUMP_SHAPED, share=share, slope=0.8)
            for share in (0.0, 0.25, 0.5, 0.75, 1.0)
        ]
        assert gives == pytest.approx([0.0, 0.2, 0.4, 0.2, 0.0], **FLOAT32)

    def test_the_strongest_intention_acts_at_the_ceiling_and_never_beyond(self):
        for intention in (1.0, 4.0, 100.0):
            acts = told(taking_part.probability, intention=intention, threshold=-1.0, steepness=9.0, ceiling=0.33)
            assert 0.3299 < acts <= np.float32(0.33)

    def test_who_never_acted_is_rested(self):
        assert told(taking_part.fatigue, months_since=float(-NEVER), span=60.0) == 0.0

    def test_a_visit_by_people_nobody_trusts_moves_nobody(self):
        after = told(taking_part.mobilise, mobilised=0.2, trust_party=0.0, kept=1.0, floor=0.15, strength=0.35)
        assert after == np.float32(0.2)


class TestLogistic:
    """A continued fraction instead of a mathematics library, so that results do not depend on one."""

    def test_is_within_five_millionths_of_the_exponential_form(self):
        for x in np.linspace(-40.0, 40.0, 801):
            exact = 1.0 / (1.0 + math.exp(-x))
            assert told(numeric.logistic, x=float(x)) == pytest.approx(exact, rel=0, abs=5e-6)

    def test_is_flat_beyond_twelve_and_stays_a_probability(self):
        for x in (12.0, 13.0, 1e30, math.inf):
            yes, no = told(numeric.logistic, x=x), told(numeric.logistic, x=-x)
            assert yes == told(numeric.logistic, x=12.0)
            assert 0.0 <= no < 5e-6 < 1.0 - 5e-6 < yes <= 1.0
            assert yes + no == pytest.approx(1.0, **FLOAT32)

    def test_never_falls(self):
        answers = [told(numeric.logistic, x=float(x)) for x in np.linspace(-13.0, 13.0, 2001)]
        assert np.all(np.diff(answers) >= 0.0)


class TestPaying:
    """Each reason to pay by itself, at the weights of LY."""

    @staticmethod
    def chance(**reasons: float) -> float:
        ly = {"intercept": 1.0, "w_service": 9.5, "neutral_service": 0.49, "w_trust": 0.8, "w_others": 0.85}
        return told(fee.paying, **paying(**(ly | reasons)))

    def test_every_reason_pushes_its_own_way(self):
        usual = self.chance()
        assert self.chance(service=0.6) > usual
        assert self.chance(trust_firm=0.6) > usual
        assert self.chance(others=0.1) > usual
        assert self.chance(taste=0.1) > usual
        assert self.chance(burden=0.1) < usual

    def test_service_decides_more_than_trust_and_neighbours(self):
        assert self.chance(service=0.6) > max(self.chance(trust_firm=0.6), self.chance(others=0.1))


class TestKeeping:
    """Rustagi et al. (2010): conditional cooperators keep a commons where others do, and where it is watched."""

    @staticmethod
    def chance(**reasons: float) -> float:
        return told(commons.keeping, **keeping(**({"intercept": 0.2} | reasons)))

    def test_every_reason_pushes_its_own_way(self):
        usual = self.chance()
        assert self.chance(others=0.1) > usual > self.chance(others=-0.1)
        assert self.chance(belonging=0.6) > usual > self.chance(belonging=0.4)
        assert self.chance(deterrence=0.1) > usual
        assert self.chance(reward=0.1) > usual

    def test_a_warning_makes_the_same_sanction_count_twice(self):
        first, then = (told(commons.severity, sanction=0.8, warned=warned) for warned in (False, True))
        assert then == pytest.approx(2 * first, **FLOAT32)

    def test_encroachment_cannot_mend(self):
        assert told(commons.worn, rate=0.04, encroaching=0.0, intensity=2.0) == 0.0


class TestAgreeing:
    """Benefit, trust in whoever proposes, and cost."""

    @staticmethod
    def chance(**reasons: float) -> float:
        return told(voting.agreeing, **agreeing(**({"intercept": 1.6} | reasons)))

    def test_every_reason_pushes_its_own_way(self):
        usual = self.chance()
        assert self.chance(need=0.1) > usual
        assert self.chance(trust=0.6) > usual > self.chance(trust=0.4)
        assert self.chance(cost=0.1) < usual

    def test_at_neutral_trust_and_no_cost_a_special_majority_is_just_within_reach(self):
        assert self.chance() == pytest.approx(1.0 / (1.0 + math.exp(-1.6)), abs=5e-6)
        assert self.chance() > 0.75 > self.chance(cost=1.0)


class TestLeaving:
    """Gompertz (1825) for deaths; Sharp (2014) for moving."""

    def test_the_hazard_of_death_doubles_every_ln_2_over_slope_years(self):
        at = [told(moving.dying, age=age, log_hazard=-10.0, slope=0.095) for age in (60.0, 60.0 + LN2 / 0.095)]
        assert at[1] == pytest.approx(2 * at[0], **FLOAT32)

    def test_attachment_keeps_people(self):
        rates = [told(moving.leaving, **leaving(0.5, attachment)) for attachment in (0.1, 0.4, 0.9)]
        assert rates[0] > rates[1] > rates[2] > 0.0


def test_service_that_stays_the_same_ends_in_contentment_with_it():
    expected, satisfied = 0.9, 0.1
    for _ in range(400):
        satisfied = told(
            experience.satisfaction,
            satisfied=satisfied,
            lived=0.5,
            expected=expected,
            disconfirmation=0.8,
            pace=0.3,
        )
        expected = told(
            experience.expectation,
            expected=expected,
            lived=0.5,
            aspiration=0.06,
            ceiling=0.9,
            adaptation=0.03,
        )
    assert expected == pytest.approx(0.56, abs=1e-4)
    assert satisfied == pytest.approx(0.5 - 0.8 * 0.06, abs=1e-4)


def test_wear_ends_in_ruin_and_upkeep_keeps_above_it():
    left_alone = looked_after = 0.8
    for _ in range(2000):
        left_alone = told(facilities.deteriorated, condition=left_alone, rate=0.02, floor=0.12)
        looked_after = told(facilities.deteriorated, condition=looked_after, rate=0.02, floor=0.12)
        looked_after = told(facilities.maintained, condition=looked_after, share=1.0, effort=0.5, gain=0.1)
    assert left_alone == pytest.approx(0.12, **FLOAT32)
    # Where wear and upkeep meet, just after upkeep: q = 0.95 (0.98 q + 0.02 x 0.12) + 0.05.
    assert looked_after == pytest.approx((0.95 * 0.0024 + 0.05) / (1 - 0.95 * 0.98), **FLOAT32)
