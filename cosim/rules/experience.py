"""Living with services: expectation, satisfaction, grievance."""

from cosim.rules.compiled import rule
from cosim.rules.numeric import ONE, ZERO, clip


@rule
def expectation(expected: float, lived: float, aspiration: float, ceiling: float, adaptation: float) -> float:
    """Expectation after a month, in [0, 1]: it follows what is lived with, plus an aspiration.

    People get used to good service and resign to bad service (disconfirmation models assume a standard that
    adapts; the monthly speed is assumed). Above `ceiling` nobody aspires, otherwise demand would rise for ever.
    """
    target = min(lived + aspiration, max(ceiling, lived))
    return clip(expected + adaptation * (target - expected), ZERO, ONE)


@rule
def satisfaction(satisfied: float, lived: float, expected: float, disconfirmation: float, pace: float) -> float:
    """Satisfaction after a month, in [0, 1]: level of service plus disconfirmation of what was expected.

    Both level and gap carry weight in studies of renewed neighbourhoods (Jiang & Timmermans 2021: satisfaction
    follows the gap between aspiration and reality).
    """
    target = clip(lived + disconfirmation * (lived - expected), ZERO, ONE)
    return satisfied + pace * (target - satisfied)


@rule
def complaint(expected: float, condition: float, importance: float) -> float:
    """How much one service falls short of what is expected, weighted by its importance to the person, in [0, 1].

    `importance` is the need weight of the service over the person's largest weight. A person's grievance
    is the largest complaint over all services.
    """
    return importance * max(expected - condition, ZERO)
