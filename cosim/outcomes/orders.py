"""Orders: one row for each that was ever placed, its stages dated."""

import numpy as np
import pandas as pd

from cosim.world.orders import ENDED
from cosim.world.world import World

DATES = ("placed", "taken", "begun", "delivered", "ended")
"""Stages of an order in their order; the columns hold the month of each, NaN where it was not reached."""
OPEN = "open"
"""Result of an order that had not ended by the last month."""


def orders_of(world: World) -> pd.DataFrame:
    """Return all orders by number, those of the warm-up too.

    order
        number of the order
    category, building
        name of its category, and number of its building, -1 (`COMPOUND`) for the whole compound
    placed, taken, begun, delivered, ended
        month of each stage (the last, where one came again), NaN where it was not reached
    result
        signed off, rejected, lost, or open
    people
        how many asked
    handler, producer
        who took it (community or government), and who did the work; empty if nobody did
    reopened
        how often those who asked sent it back
    cost
        yuan that its work cost
    fit
        part of the need that the work met, NaN if it was not delivered
    """
    book = world.orders
    listed = sorted([*book.ended, *book.open.values()], key=lambda order: order.number)
    dates = {name: np.array([getattr(order, name) for order in listed], np.float32) for name in DATES}
    return pd.DataFrame(
        {
            "order": np.array([order.number for order in listed], np.int32),
            "category": [world.facilities.names[order.category] for order in listed],
            "building": np.array([order.place for order in listed], np.int32),
            **dates,
            "result": [order.stage.value if order.stage in ENDED else OPEN for order in listed],
            "people": np.array([len(order.asked) for order in listed], np.int32),
            "handler": [order.handler for order in listed],
            "producer": [order.partner or " and ".join(order.producers) for order in listed],
            "reopened": np.array([order.reopened for order in listed], np.int8),
            "cost": np.array([order.cost for order in listed], np.float32),
            "fit": np.array([np.nan if order.delivered is None else order.fit for order in listed], np.float32),
        }
    )
