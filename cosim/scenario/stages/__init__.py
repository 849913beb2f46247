"""The reform, stage by stage: levers with their prices, and the facts that those prices rest on.

One file a stage, under the name of the phase in `cosim.month` that reads it. At its default every lever is off,
which is how an unreformed compound is served; levers act from month 0. Working time is per month and 1,000 residents
unless a field says otherwise.
"""

from cosim.scenario.stages.deliberate import Deliberate, Rung
from cosim.scenario.stages.partners_deliver import PartnersDeliver
from cosim.scenario.stages.party_leads import PartyLeads
from cosim.scenario.stages.party_takes import PartyTakes
from cosim.scenario.stages.residents_order import ResidentsOrder
from cosim.scenario.stages.residents_sign_off import ResidentsSignOff

__all__ = [
    "Deliberate",
    "PartnersDeliver",
    "PartyLeads",
    "PartyTakes",
    "ResidentsOrder",
    "ResidentsSignOff",
    "Rung",
]
