"""Results as HTML tables, as a notebook shows them."""

from collections.abc import Iterable, Sequence
from html import escape

import pandas as pd

from cosim.display.words import NOTHING, headline, interval, measure_name, number, plain, signed
from cosim.study import Study


def html_table(caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], note: str = "") -> str:
    """Return a table with a caption, names to the left and numbers to the right, and a note below it."""

    def cells(row: Sequence[str], tag: str) -> str:
        sides = ["left", *["right"] * (len(row) - 1)]
        return "".join(
            f'<{tag} style="text-align:{side}">{escape(text)}</{tag}>' for text, side in zip(row, sides, strict=True)
        )

    body = "".join(f"<tr>{cells(row, 'td')}</tr>" for row in rows)
    below = f'<p style="color:#767676">{escape(note)}</p>' if note else ""
    return (
        f'<table><caption style="text-align:left"><b>{escape(caption)}</b></caption>'
        f"<thead><tr>{cells(head, 'th')}</tr></thead><tbody>{body}</tbody></table>{below}"
    )


def comparison_html(study: Study, outcomes: pd.DataFrame) -> str:
    """Return the headline outcomes of every arm after the first, a table each."""
    if outcomes.empty:
        return f"<p>{escape(study.shortfall or '')}</p>"
    tables = []
    for label in study.labels[1:]:
        rows = outcomes[outcomes["scenario"] == label].set_index("outcome").loc[headline()]
        written = []
        for outcome, row in rows.iterrows():
            size = max(abs(row["mean_a"]), abs(row["mean_b"]))
            clear = NOTHING if pd.isna(row["p_holm"]) else "yes" if row["p_holm"] < 0.05 else "no"
            written.append((
                measure_name(str(outcome)), number(row["mean_a"]), number(row["mean_b"]),
                signed(row["difference"], size), interval(row["low"], row["high"], size), clear,
            ))  # fmt: skip
        head = ("outcome", plain(study.labels[0]), plain(label), "difference", "95 % interval", "clear")
        caption = f"What changes with {plain(label)} against {plain(study.labels[0])}"
        note = f"{_runs(study)}; same people, same history. clear: at 5 % over all headline outcomes (Holm)."
        tables.append(html_table(caption, head, written, note))
    return "".join(tables)


def summary_html(study: Study, outcomes: pd.DataFrame) -> str:
    """Return one scenario's headline outcomes."""
    if outcomes.empty:
        return f"<p>{escape(study.shortfall or '')}</p>"
    rows = [
        (measure_name(str(outcome)), number(row["before"]), number(row["mean"]), number(row["lowest"]),
         number(row["highest"]))
        for outcome, row in outcomes.set_index("outcome").loc[headline()].iterrows()
    ]  # fmt: skip
    head = ("outcome", "warm-up", "result", "lowest", "highest")
    return html_table(study.scenarios[0].title or plain(study.labels[0]), head, rows, f"{_runs(study)}.")


def _runs(study: Study) -> str:
    """Say how many replicates there are."""
    count = len(study.complete)
    return f"{count} replicate{'s' if count != 1 else ''}, seed {study.seed}"
