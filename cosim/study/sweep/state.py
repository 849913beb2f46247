"""What is known of a sweep's runs: what became of each, and how many replicates each point needs."""

import numpy as np
import pyarrow as pa

from cosim.statistics import paired_differences
from cosim.study.sweep.design import factor_column, factor_metadata
from cosim.study.sweep.plan import Place, Plan
from cosim.study.sweep.record import outcome_field
from cosim.study.tables import key_metadata

STATUS = ("not run", "done", "failed")
"""What can have become of a run; in the table, and by number."""
NOT_RUN, FAILED = STATUS.index("not run"), STATUS.index("failed")


class State:
    """What became of every run.

    `status`: uint8[runs], by `STATUS`; `levels`: float64[runs, outcomes], NaN where there is none; `errors` by run.
    `needed`: int64[points], replicates that each point needs by what is known so far.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.outcomes = plan.planned.experiment.outcomes
        self.status = np.zeros(plan.total, np.uint8)
        self.levels = np.full((plan.total, len(self.outcomes)), np.nan)
        self.errors: dict[int, str] = {}
        self.needed = np.full(plan.points, plan.planned.experiment.replicates)

    def settle(self, number: int, status: str, error: str, levels: tuple[float, ...]) -> None:
        """Note what became of a run."""
        self.status[number] = STATUS.index(status)
        self.levels[number] = levels
        self.errors.pop(number, None)
        if error:
            self.errors[number] = error

    def forget(self, number: int) -> None:
        """Take a run for not run."""
        self.settle(number, STATUS[NOT_RUN], "", (np.nan,) * len(self.outcomes))

    def wanted(self) -> np.ndarray:
        """Return which runs are needed by what is known so far, bool[runs]."""
        pair = np.arange(self.plan.total) // self.plan.arms
        replicate, point = pair // self.plan.points + 1, pair % self.plan.points
        wanted: np.ndarray = self.plan.mine & (replicate <= self.needed[point])
        return wanted

    def final(self) -> np.ndarray:
        """Return which runs are settled, or sure never to be needed, bool[runs]."""
        plan, settled, wanted = self.plan, self.status != NOT_RUN, self.wanted()
        point = np.arange(plan.total) // plan.arms % plan.points
        unfinished = np.zeros(plan.points, bool)
        unfinished[point[wanted & ~settled]] = True
        final: np.ndarray = settled | (~wanted & ~(unfinished[point] & plan.mine & plan.adaptive))
        return final

    def grow(self, point: int) -> list[int]:
        """Raise what a point needs as long as its interval is too wide; return the numbers of runs newly needed.

        Replicate after replicate, in their order, so that the answer does not depend on which run came first.
        """
        until = self.plan.planned.experiment.until
        added: list[int] = []
        while until and self.needed[point] < until.max_replicates and self._too_wide(point):
            self.needed[point] += 1
            places = [Place(int(self.needed[point]), point, arm) for arm in range(self.plan.arms)]
            added += map(self.plan.number, places)
        return [number for number in added if self.status[number] == NOT_RUN]

    def _too_wide(self, point: int) -> bool:
        """Whether all that a point needs is there, and an interval of a paired difference is still too wide."""
        until, plan = self.plan.planned.experiment.until, self.plan
        assert until is not None
        numbers = np.array(
            [[plan.number(Place(r, point, arm)) for r in range(1, self.needed[point] + 1)] for arm in range(plan.arms)]
        )
        if not self.status[numbers].all():
            return False
        values = self.levels[numbers, self.outcomes.index(until.outcome)]
        found = paired_differences(np.broadcast_to(values[:1], values[1:].shape), values[1:])
        half = (found["high"] - found["low"]).to_numpy() / 2
        return not (half <= until.half_width).all()

    def counts(self) -> dict[str, int]:
        """Return how many of the runs that are needed have each status."""
        numbers = np.bincount(self.status[self.wanted()], minlength=len(STATUS))
        return dict(zip(STATUS, numbers.tolist(), strict=True))

    def table(self) -> pa.Table:
        """Return the table of runs: a row for each that is needed, with unit and meaning of every column."""
        plan, planned = self.plan, self.plan.planned
        numbers = np.flatnonzero(self.wanted() | (self.status != NOT_RUN))
        pair, arm = np.divmod(numbers, plan.arms)
        replicate, point = pair // plan.points + 1, pair % plan.points
        seeds = {int(number): plan.seed(int(number)) for number in np.unique(replicate)}
        keys = {
            "run": pa.array(numbers),
            "scenario": pa.array(np.array(planned.labels, object)[arm], pa.string()),
            "point": pa.array(point),
            "replicate": pa.array(replicate),
            "seed": pa.array([seeds[number] for number in replicate.tolist()], pa.int64()),
        }
        fields = [pa.field(name, array.type, metadata=key_metadata(name)) for name, array in keys.items()]
        arrays = list(keys.values())
        for place, key in enumerate(planned.points.keys):
            column = factor_column([values[place] for values in planned.points.values]).array
            fields.append(pa.field(key, column.type, metadata=factor_metadata(key)))
            arrays.append(column.take(pa.array(point)))
        for name, values in (
            ("status", np.array(STATUS, object)[self.status[numbers]]),
            ("error", [self.errors.get(number, "") for number in numbers.tolist()]),
        ):
            fields.append(pa.field(name, pa.string(), metadata=key_metadata(name)))
            arrays.append(pa.array(values, pa.string()))
        fields += [outcome_field(outcome, level=True) for outcome in self.outcomes]
        arrays += [pa.array(column, from_pandas=True) for column in self.levels[numbers].T]
        return pa.Table.from_arrays(arrays, schema=pa.schema(fields))

    def take(self, table: pa.Table) -> None:
        """Note what a table of runs says."""
        numbers = table["run"].to_numpy()
        self.status[numbers] = [STATUS.index(status) for status in table["status"].to_pylist()]
        for place, outcome in enumerate(self.outcomes):
            self.levels[numbers, place] = table[outcome].to_numpy()
        errors = table["error"].to_pylist()
        self.errors |= {number: error for number, error in zip(numbers.tolist(), errors, strict=True) if error}
