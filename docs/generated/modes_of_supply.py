"""The named modes of supply: who arranges, does, pays and looks after the work, and which categories cannot have them."""

from cosim.display.words import plain
from cosim.scenario import load_scenario
from cosim.scenario.supply import MODES, Arrangement, cannot_have


def lines(scenario: str = "ly") -> str:
    """Return a table with a row for each named mode; its last column is that of a shipped scenario."""
    head = (
        "| mode | who decides | who does it | who pays | how the producer is chosen | who looks after it "
        f"| cannot be had in `{scenario}` by |\n| --- | --- | --- | --- | --- | --- | --- |\n"
    )
    categories = load_scenario(scenario).categories
    unable = {mode: [name for name, each in categories.items() if cannot_have(each, mode)] for mode in MODES}
    return head + "".join(_row(mode, how, unable[mode]) for mode, how in MODES.items())


def _row(mode: str, how: Arrangement, unable: list[str]) -> str:
    payers = ", ".join(f"{payer} {share:g}" for payer, share in how.payers.items())
    cells = [
        f"`{mode}`", how.arranger, ", ".join(how.producers), payers, plain(how.award), how.overseer,
        ", ".join(f"`{name}`" for name in unable) or "–",
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |\n"
