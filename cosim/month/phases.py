"""The order of a month."""

from collections.abc import Callable

from cosim.agents.institutions import Institutions
from cosim.month.commons import commons
from cosim.month.deliberate import deliberate
from cosim.month.disputes import disputes
from cosim.month.live import live
from cosim.month.move import move
from cosim.month.open import open_month
from cosim.month.partners_deliver import partners_deliver
from cosim.month.party_leads import party_leads
from cosim.month.party_takes import party_takes
from cosim.month.pay import pay
from cosim.month.renovate import renovate
from cosim.month.residents_order import residents_order
from cosim.month.residents_sign_off import residents_sign_off
from cosim.month.review import review
from cosim.month.talk import talk
from cosim.world.world import World

Phase = Callable[[World, Institutions], None]

PHASES: tuple[Phase, ...] = (
    open_month,
    live,
    commons,
    party_leads,
    talk,
    residents_order,
    party_takes,
    deliberate,
    renovate,
    partners_deliver,
    residents_sign_off,
    disputes,
    pay,
    move,
    review,
)
"""What happens in a month. Residents see each other as published at its opening; institutions act in turn."""
