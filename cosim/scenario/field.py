"""The words in which a scenario's schema is written: sections, facts and levers."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict, Unpack, get_args

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

Mark = Literal["read", "derived", "calibrated", "assumed"]
"""How a default is known: read in the source named, derived from it, calibrated to it, or assumed."""

ARTICLE = "the source article names the practice, not its extent"
STAFF = "choice: plausible working time; nothing measured was found"
PROTOTYPE = "values that behaved in a throw-away prototype of the model; no empirical source found"
ENSEMBLE = "of the shipped set, which meets C1 to C5; they tell something of it (results/ensemble/parameters.csv)"
CHOICE = "choice"
"""Sources that many fields share."""

PER_THOUSAND = "a month per 1,000 residents"
"""The unit of most working time."""

WORK = ("condition", "own", "seen", "verdict", "outcome", "kept", "works", "openings", "routine")
"""By what becomes of orders: facilities, verdicts, what is seen of them, work and openings, and bodies' standing."""
HOURS = (
    *WORK, "channel_cost", "migrant_cost", "meeting", "sessions", "told", "noticed", "watch", "sanction",
    "conduct_seen", "settling", "asking", "effort",
)  # fmt: skip
"""By whatever there are hours for."""


class Section(BaseModel):
    """One table of a scenario.

    Frozen; unknown keys, numbers written as text, NaN and infinity are refused; defaults are checked like
    everything else. Lists are tuples, so that a scenario cannot change after it was checked.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        validate_default=True,
    )

    @classmethod
    def keys_in_file(cls) -> list[str]:
        """The keys that may stand at the top of a file that says all of this section."""
        return list(cls.model_fields)

    @classmethod
    def tables(cls) -> Mapping[str, type["Section"]]:
        """The sections that may stand below besides the fields, by name; none but for mechanisms."""
        return {}


class Bounds(TypedDict, total=False):
    """The bounds of a number: `ge` and `le` are allowed themselves, `gt` and `lt` are not."""

    ge: float
    gt: float
    le: float
    lt: float


def fact(
    default: Any,
    *,
    unit: str,
    source: str,
    mark: Mark,
    en: str,
    zh: str,
    **bounds: Unpack[Bounds],
) -> Any:
    """A field that describes the world: what is so, whoever supplies the services.

    `default` is its generic value (`...` when a scenario must give one); `unit` the unit in words ("share",
    "yuan per month", "choice"); `source` where the default comes from and `mark` how it is known; `en` and
    `zh` its label; `bounds` those of a number. Raises TypeError when a description is missing.
    """
    return _field(default, {"unit": unit, "source": source, "lever": False}, mark, en, zh, bounds)


def lever(
    default: Any,
    *,
    unit: str,
    price: str,
    through: Sequence[str],
    en: str,
    zh: str,
    source: str = ARTICLE,
    mark: Mark = "assumed",
    **bounds: Unpack[Bounds],
) -> Any:
    """A field that a reform can change; its default is how things are without the reform.

    As `fact`, with a `price`: a sentence that says what the lever costs and from which finite pool; and
    `through`: the fields of `world.circumstances` by which it first reaches residents.
    """
    if not through:
        raise TypeError("a lever needs words for what it works through")
    described = {"unit": unit, "price": price, "through": list(through), "source": source, "lever": True}
    return _field(default, described, mark, en, zh, bounds)


def _field(default: Any, described: dict[str, Any], mark: Mark, en: str, zh: str, bounds: Bounds) -> Any:
    words = described | {"en": en, "zh": zh}
    empty = [name for name, text in words.items() if isinstance(text, str) and not text.strip()]
    if empty:
        raise TypeError(f"a field needs words for its {' and '.join(empty)}")
    if mark not in get_args(Mark):
        raise TypeError(f"`mark` is one of {', '.join(get_args(Mark))}, not {mark!r}")
    extra = described | {"mark": mark, "label": {"en": en, "zh": zh}}
    return Field(default, json_schema_extra=extra, **bounds)


def is_lever(field: FieldInfo) -> bool:
    """Whether a schema field is a lever."""
    extra = field.json_schema_extra
    return isinstance(extra, dict) and bool(extra.get("lever"))


def switch(price: str, through: Sequence[str], en: str, zh: str) -> Any:
    """A practice that the source article names, off without the reform."""
    return lever(False, unit="yes or no", price=price, through=through, en=en, zh=zh)


def hours(default: float, unit: str, en: str, zh: str) -> Any:
    """Working time that a practice takes: a price, and so above zero."""
    return fact(default, gt=0.0, le=10_000.0, unit=f"hours {unit}", source=STAFF, mark="assumed", en=en, zh=zh)
