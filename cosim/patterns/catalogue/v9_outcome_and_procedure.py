"""V9: the outcome counts more than the procedure, and the procedure counts, too.

Two by two, on satisfaction with handling of those whose order has just ended. The outcome is moved by money: the usual
public budget, or a ninth of it, with which few orders are ever done. The procedure is moved by what people are told:
every order is answered and decisions are made public with their reasons, or neither. Money moves the mean outcome over
some two thirds of its range, and hardly the wait; replies and reasons reach nearly everybody or nobody. So the contrast
is narrower for the outcome: if anything, the comparison favours the procedure. Less than a hundredth of the scale
counts as nothing.

How much is by construction: which of the two is larger. The weight of the outcome was chosen above those of reply and
reasons together, with the same sources in mind; with four equal weights (`--set handling.w_outcome=0.25`, and so on for
`w_wait`, `w_reply` and `w_explained`) the procedure counts for more. What the weights do not settle is how much of an
outcome the money buys, and how many orders an office finds the time to answer. With a third of the staff (`--set
government.staff_hours=25`) money alone buys so little that the outcome is no longer clearly ahead.

What the model does. Outcome and procedure add up: a fair procedure comforts those who got nothing about as much as
those who got what they asked for. The gap between the two is less than "overwhelming". Voice is no part of the
procedure here: a meeting changes satisfaction with handling only by work that meets the need more often, and gives
those who spoke nothing for having been heard. With representatives like themselves, people found decisions fairer and
accepted them more (Nonami et al. 2015); the model has no place for this.
"""

from itertools import product

import numpy as np

from cosim.patterns.catalogue.v8_a_reply_helps import NOTHING, REPLIES, gain, read, unreformed
from cosim.patterns.pattern import Criterion, Pattern, Readings

MONEY = {"good outcome": {}, "bad outcome": {"government.budget": 20.0}}
"""Public money for projects, in yuan per resident and year; 180 as shipped."""
TOLD = {"fair procedure": REPLIES | {"deliberate.disclosure": True}, "no procedure": {}}
ARMS = {
    f"{outcome}, {procedure}": unreformed(MONEY[outcome], TOLD[procedure])
    for outcome, procedure in product(MONEY, TOLD)
}


def by_outcome(readings: Readings) -> np.ndarray:
    """Return the main effect of the outcome, float[replicates]."""
    good, bad = MONEY
    return np.mean([gain(readings, f"{good}, {how}", f"{bad}, {how}") for how in TOLD], axis=0)


def by_procedure(readings: Readings) -> np.ndarray:
    """Return the main effect of the procedure, float[replicates]."""
    fair, none = TOLD
    return np.mean([gain(readings, f"{what}, {fair}", f"{what}, {none}") for what in MONEY], axis=0)


V9 = Pattern(
    id="V9",
    kind="validation",
    title="The outcome counts more than the procedure",
    title_zh="结果重于程序",
    observed="the outcome overwhelmingly dominates the procedure; voice of similar representatives raises acceptance",
    source="'Reconsidering the role of procedures for decision acceptance' (Esaiasson et al.) 2016; Nonami et al. 2015",
    mark="R",
    arms=ARMS,
    read=read,
    criteria=(
        Criterion("Gain by the outcome, less that by procedure", lambda r: by_outcome(r) - by_procedure(r), NOTHING),
        Criterion("Gain by the procedure", by_procedure, NOTHING),
    ),
)
