"""V9: the outcome counts more than the procedure, which counts too: two by two, on satisfaction with handling.

Multi-centre supply with work that always meets the need or never does (outcome), and with replies and disclosed reasons
or without (procedure); nobody deliberates or checks the work, which would mend what misses the need. Main effects are
means over the other factor.

By construction, outcome has the largest weight in the judgement of handling. But what misses the need is worth half, so
that from one end to the other the outcome moves that judgement hardly more than the procedure does; and procedure is
shown to everybody, lost requests included. So either could be larger.

What the model does. The two weigh nearly alike, which is less than "overwhelmingly" asks for. What separates a
favourable outcome from an unfavourable one in the experiments, to get what was asked for or not, is here mostly whether
an order is lost, which these arms do not move.
"""

import numpy as np

from cosim.patterns.catalogue.v8_a_reply_helps import BASE, read, senseless
from cosim.patterns.pattern import Arm, Criterion, Pattern, Readings

OUTCOME = {"good": {"deliberate.missed": 0.0}, "bad": {"deliberate.missed": 1.0}}
PROCEDURE = {
    "heard": {"party_takes.replies": True, "deliberate.disclosure": True},
    "unheard": {"party_takes.replies": False, "deliberate.disclosure": False},
}


def cells(readings: Readings) -> dict[tuple[str, str], np.ndarray]:
    """Return satisfaction with handling by outcome and procedure, per replicate."""
    return {(o, p): readings[f"{o}, {p}"]["handling"].to_numpy() for o in OUTCOME for p in PROCEDURE}


def outcome(readings: Readings) -> np.ndarray:
    """Return the main effect of the outcome."""
    at = cells(readings)
    return np.asarray((at["good", "heard"] + at["good", "unheard"] - at["bad", "heard"] - at["bad", "unheard"]) / 2)


def procedure(readings: Readings) -> np.ndarray:
    """Return the main effect of the procedure."""
    at = cells(readings)
    return np.asarray((at["good", "heard"] + at["bad", "heard"] - at["good", "unheard"] - at["bad", "unheard"]) / 2)


def outcome_over_procedure(readings: Readings) -> np.ndarray:
    """Return by how much the outcome's effect is larger."""
    return outcome(readings) - procedure(readings)


V9 = Pattern(
    id="V9",
    kind="validation",
    title="Outcome counts more than procedure, which counts too",
    title_zh="结果比程序更重要，程序也起作用",
    observed="outcome favourability overwhelmingly dominates procedure; voice raises fairness, n = 211 and 200",
    source="Esaiasson et al. 2016; Nonami 2015",
    mark="R",
    arms={
        f"{o}, {p}": Arm("multi_centre", {**BASE, **OUTCOME[o], **PROCEDURE[p]}) for o in OUTCOME for p in PROCEDURE
    },
    read=read,
    criteria=(
        Criterion("Outcome's effect over procedure's", outcome_over_procedure, low=0.0, unit="handling, 0 to 1"),
        Criterion("Procedure's effect", procedure, low=0.0, unit="handling, 0 to 1"),
    ),
    senseless=senseless,
)
