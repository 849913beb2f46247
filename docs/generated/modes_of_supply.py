"""The named modes of supply: who arranges, does, pays and looks after the work; which categories cannot have them."""

from cosim.display.words import plain
from cosim.scenario import load_scenario
from cosim.scenario.supply import MODES, cannot_have
from generated import table

HEADS = ("mode", "who decides", "who does it", "who pays", "how the producer is chosen", "who looks after it")


def lines(scenario: str = "ly") -> str:
    """Return a table with a row for each named mode; its last column is that of a shipped scenario."""
    categories = load_scenario(scenario).categories
    return table((*HEADS, f"cannot be had in `{scenario}` by"), [
        (
            f"`{mode}`", how.arranger, ", ".join(how.producers),
            ", ".join(f"{payer} {share:g}" for payer, share in how.payers.items()), plain(how.award), how.overseer,
            ", ".join(f"`{name}`" for name, each in categories.items() if cannot_have(each, mode)) or "–",
        )
        for mode, how in MODES.items()
    ])  # fmt: skip
