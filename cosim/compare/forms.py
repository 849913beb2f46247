"""Participation like for like: only forms that are open in every arm count."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from cosim.outcomes.levels import LAST_YEAR
from cosim.study import Study

FORMS = {"deliberating": "meetings", "coproducing": "openings"}
"""Measures of contributing by form, and the measure that says whether the form was open."""


NEARLY = 0.95
"""Share of worlds in which a form must be open, where each replicate is a world of its own."""


def common_forms(months: pd.DataFrame, least: float = 1.0) -> tuple[str, ...]:
    """Return the forms of contributing that were open in the last year of every run, or of `least` of each arm's."""
    last_year = months[months["month"] > months["month"].max() - LAST_YEAR]
    offered = last_year.groupby(["scenario", "replicate"])[list(FORMS.values())].sum()
    shares = (offered > 0.0).groupby("scenario").mean().min()
    return tuple(form for form, opening in FORMS.items() if shares[opening] >= least)


def forms_of(study: Study) -> tuple[str, ...]:
    """Return the forms of contributing that count in a study: those that were open in (nearly) every run."""
    return common_forms(study.months, NEARLY if study.worlds else 1.0)


def like_for_like(table: pd.DataFrame, forms: Sequence[str]) -> pd.DataFrame:
    """Return a table whose `participation` counts these forms alone; NaN if there is none."""
    if "participation" not in table or len(forms) == len(FORMS):
        return table
    return table.assign(participation=table[forms[0]] if forms else np.nan)
