"""What a reader can work out of published counts: the proof, by linear programs.

A reader knows every number that is shown, how it was rounded, and which counts add up to which.
For each count that must be protected, two linear programs give the lowest and the highest value
that fits everything the reader knows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from social_care_warehouse.console import UserError, WorkError

INFINITE = float("inf")
# The programs work with real numbers, so a bound may miss a whole number by very little.
TOLERANCE = 1e-6
_LARGE = 1e9
_CONTRADICTION = (
    "A table cannot be proven safe: its numbers contradict each other. Please report this, with"
    " the specification."
)
# A program of many goals that shows less than this share of them to be met is the last one.
_WORTH_ANOTHER = 0.1


@dataclass(frozen=True)
class Goal:
    """What must remain possible for a count: how many values, and, if `reach`, a large one."""

    true_count: int
    threshold: int
    reach: bool

    @property
    def enough(self) -> int:
        """A highest value that meets the goal alone: the true count fits, so the lowest does."""
        return self.true_count + self.threshold - 1 + (self.reach and not self.true_count)

    def is_met(self, low: float, high: float) -> bool:
        """Whether the interval leaves the reader in doubt enough."""
        is_wide = high - low >= self.threshold - 1 - TOLERANCE
        return is_wide and (not self.reach or high >= self.threshold - TOLERANCE)


@dataclass
class Model:
    """Counts as variables with bounds, and equations in which coefficients times counts give 0."""

    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    equations: list[dict[int, int]] = field(default_factory=list)
    goals: dict[int, Goal] = field(default_factory=dict)

    def add(self, low: float = 0, high: float = INFINITE) -> int:
        """A new variable; gives its number."""
        self.low.append(low)
        self.high.append(high)
        return len(self.low) - 1

    def add_sum(self, total: int, parts: Iterable[int]) -> None:
        """Say that a count is the sum of others."""
        equation = dict.fromkeys(parts, 1)
        equation[total] = -1
        self.equations.append(equation)

    def free(self, variable: int) -> None:
        """Say that the count is not shown."""
        self.low[variable], self.high[variable] = 0, INFINITE

    def unmet(self, goals: Iterable[int] | None = None) -> list[int]:
        """The variables whose goal is not met, of those given or of all."""
        wanted = self._not_met_together(self.goals if goals is None else goals)
        components = self._components(wanted)
        found = []
        for variable in wanted:
            program = components.get(variable)
            if program and not self._is_met(variable, program):
                found.append(variable)
        return found

    def _not_met_together(self, goals: Iterable[int]) -> list[int]:
        """The goals that no program of many goals at once shows to be met.

        Each such program raises all counts as far as their goals ask. What one solution raises far
        enough, a reader cannot exclude. The rest needs programs of their own.
        """
        in_equations = {variable for equation in self.equations for variable in equation}
        wanted = [variable for variable in goals if variable in in_equations]
        while wanted:
            values = _Program(self, range(len(self.low)), range(len(self.equations))).raised(
                {variable: self.goals[variable].enough for variable in wanted}
            )
            left = [one for one in wanted if values[one] < self.goals[one].enough - TOLERANCE]
            if len(wanted) - len(left) < len(wanted) * _WORTH_ANOTHER:
                return left
            wanted = left
        return wanted

    def _is_met(self, variable: int, program: _Program) -> bool:
        goal = self.goals[variable]
        high = program.bound(variable, -1)
        # The true count fits, so the lowest value is not above it. That is often enough.
        if goal.is_met(goal.true_count, high):
            return True
        if not goal.is_met(0, high):
            return False
        return goal.is_met(program.bound(variable, 1), high)

    def _components(self, wanted: Sequence[int]) -> dict[int, _Program]:
        """For each variable that is in an equation, the program of all that depends on it."""
        of_variable: dict[int, list[int]] = defaultdict(list)
        for number, equation in enumerate(self.equations):
            for variable in equation:
                of_variable[variable].append(number)
        programs: dict[int, _Program] = {}
        for variable in wanted:
            if variable in programs or variable not in of_variable:
                continue
            members, equations, open_ = {variable}, set(), [variable]
            while open_:
                for number in of_variable[open_.pop()]:
                    if number not in equations:
                        equations.add(number)
                        new = [one for one in self.equations[number] if one not in members]
                        members.update(new)
                        open_ += new
            program = _Program(self, sorted(members), sorted(equations))
            programs.update(dict.fromkeys(members, program))
        return programs


class _Program:
    """The linear program of variables that depend on one another."""

    def __init__(self, model: Model, members: Sequence[int], equations: Sequence[int]) -> None:
        linprog, sparse = _scipy()
        csr_matrix = sparse.csr_matrix
        self._linprog = linprog
        self._stack = sparse.hstack, sparse.vstack, csr_matrix
        self._at = {variable: number for number, variable in enumerate(members)}
        rows, columns, values = [], [], []
        for row, number in enumerate(equations):
            for variable, coefficient in model.equations[number].items():
                rows.append(row)
                columns.append(self._at[variable])
                values.append(coefficient)
        shape = (len(equations), len(members))
        self._matrix = csr_matrix((values, (rows, columns)), shape=shape)
        self._zeros = [0.0] * len(equations)
        self._bounds = [(model.low[one], model.high[one]) for one in members]

    def bound(self, variable: int, direction: int) -> float:
        """The lowest (1) or highest (-1) value of a variable."""
        goal = [0.0] * len(self._at)
        goal[self._at[variable]] = direction
        done = self._linprog(
            goal, A_eq=self._matrix, b_eq=self._zeros, bounds=self._bounds, method="highs"
        )
        if done.status == 3:
            return INFINITE
        if done.status in (2, 4) and direction == -1:
            return self._if_unbounded(goal)
        if done.status != 0:
            raise WorkError(_CONTRADICTION)
        return float(done.fun * direction)

    def raised(self, wanted: Mapping[int, int]) -> Mapping[int, float]:
        """A solution in which these variables come as near to these values as they can together."""
        n, places = len(self._at), [self._at[variable] for variable in wanted]
        goal = [0.0] * n
        bounds = [(low, min(high, _LARGE)) for low, high in self._bounds]
        # Each variable that is wanted is the sum of what counts, up to its goal, and of the rest.
        extra = len(wanted)
        hstack, vstack, csr_matrix = self._stack
        rows = list(range(extra))
        links = csr_matrix(([1.0] * extra, (rows, places)), shape=(extra, n))
        ones = csr_matrix(([-1.0] * extra, (rows, rows)), shape=(extra, extra))
        empty = csr_matrix((len(self._zeros), 2 * extra))
        matrix = vstack([hstack([self._matrix, empty]), hstack([links, ones, ones])]).tocsr()
        done = self._linprog(
            goal + [-1.0] * extra + [0.0] * extra,
            A_eq=matrix,
            b_eq=self._zeros + [0.0] * extra,
            bounds=bounds + [(0, value) for value in wanted.values()] + [(0, None)] * extra,
            method="highs",
        )
        if done.status != 0:
            raise WorkError(_CONTRADICTION)
        return {variable: float(done.x[place]) for variable, place in self._at.items()}

    def _if_unbounded(self, goal: list[float]) -> float:
        """HiGHS can call an unbounded program infeasible; a bounded one shows which it is."""
        bounds = [(low, min(high, _LARGE)) for low, high in self._bounds]
        done = self._linprog(
            goal, A_eq=self._matrix, b_eq=self._zeros, bounds=bounds, method="highs"
        )
        if done.status != 0:
            raise WorkError(_CONTRADICTION)
        return float(-done.fun)


def _scipy() -> tuple[Any, Any]:
    try:
        from scipy import sparse  # noqa: PLC0415
        from scipy.optimize import linprog  # noqa: PLC0415
    except ImportError:
        raise UserError(
            "The proof that a table is safe needs the package scipy. Install it: pip install scipy"
        ) from None
    return linprog, sparse
