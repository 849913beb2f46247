"""What becomes of orders: how many reach each stage, and after how many months."""

import math
from collections.abc import Iterator

from cosim.display.figures.funnel import ROWS, stages_of_orders
from cosim.display.words import NOTHING, arm_name, capitalised, number, percent
from cosim.language import Language
from cosim.report.page import drawings
from cosim.report.page.parts import Part, Row, Table
from cosim.study import Study


def about_orders(study: Study, say: Language) -> Iterator[Part]:
    """Yield the order funnel as a figure and a table; nothing if no order was placed."""
    found = stages_of_orders(study)
    if not found["orders"].any():
        return
    yield from drawings.of_orders(study, say)
    lines = []
    for stage in ROWS:
        cells = []
        for label in study.labels:
            row, placed = found.loc[(label, stage)], found.loc[(label, "placed"), "orders"]
            share = percent(row["orders"] / placed, say) if placed else NOTHING
            months = NOTHING if stage == "placed" or math.isnan(row["median"]) else number(row["median"], 10.0)
            cells += [number(row["orders"], placed), share, months]
        lines.append(Row(capitalised(say(stage)), cells))
    arms = [capitalised(arm_name(label, say)) for label in study.labels]
    columns = say("{arm}: orders a run"), say("share"), say("median months")
    head = [say("stage or result"), *(text.format(arm=arm) for arm in arms for text in columns)]
    note = say("Orders placed from month 0 on; months since placing. Orders that are open at the end may get further.")
    yield Table(say("Orders by stage"), head, lines, note)
