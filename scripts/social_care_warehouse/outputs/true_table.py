"""The unrounded numbers of a table. They must never be shown as they are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product

from social_care_warehouse.outputs.plan import Series
from social_care_warehouse.outputs.specification import Measure, Specification
from social_care_warehouse.outputs.table import ALL

Group = tuple[str, ...]


def is_nested(pairs: Collection[tuple[object, object]]) -> bool:
    """Whether the first value of a pair determines the second, or the other way round."""
    return any(len(pairs) == len({pair[side] for pair in pairs}) for side in (0, 1))


@dataclass(frozen=True)
class Statistic:
    """A mean, median, ratio or limit of a group, and the numbers that the disclosure rules need.

    `total` is the sum of all values without their signs, `largest` the two largest of them.
    `n_most_common` is how many persons have the most common value.
    """

    value: float | None
    n: int = 0
    total: float = 0.0
    largest: tuple[float, ...] = ()
    n_most_common: int = 0


@dataclass
class TrueTable:
    """The unrounded counts of a specification, by series and group, and how they were read."""

    specification: Specification
    categories: dict[str, list[str]]
    groups: list[Group]
    series: list[Series]
    counts: dict[str, dict[Group, int | None]]
    statistics: dict[str, dict[Group, Statistic]]
    sql: str
    has_persons: bool
    is_one_row_per_person: bool
    counted_by: frozenset[str]

    def parts_of(self, group: Group) -> list[Group]:
        """The group itself and, for a total, every group that it contains."""
        if ALL not in group:
            return [group]
        return [
            part
            for part in self.groups
            if all(mine in (ALL, its) for mine, its in zip(group, part, strict=True))
        ]

    def series_of(self, column: str | None) -> str:
        """The name of the series that holds a column of a mart of counts."""
        return next(series.name for series in self.series if series.sql == column)

    def series_with_limits(self) -> set[str]:
        """The names of the series that are the observed count of a ratio with limits."""
        return {
            self.series_of(measure.observed)
            for measure in self.specification.measures
            if measure.kind == "ratio" and measure.limits
        }

    def parts_of_percent(
        self, measure: Measure, group: Group
    ) -> tuple[tuple[str, Group], tuple[str, Group]]:
        """Numerator and denominator of a percentage: each a series and a group."""
        if measure.of:
            labels = zip(self.specification.dimensions, group, strict=True)
            total = tuple(label if name in measure.of else ALL for name, label in labels)
            return (self.series[0].name, group), (self.series[0].name, total)
        if measure.where:
            return (f"{measure.name}_n", group), (f"{measure.name}_n_observed", group)
        numerator = self.series_of(measure.numerator)
        return (numerator, group), (self.series_of(measure.denominator), group)

    @cached_property
    def known_to_be_empty(self) -> frozenset[Group]:
        """Groups, and totals, without persons where one category follows from another, as a region.

        A reader can know which categories do not go together.
        """
        n_persons = self.counts[self.series[0].name]
        inner = [group for group in self.groups if ALL not in group]
        present = [group for group in inner if n_persons[group]]
        apart = [
            (one, other, pairs)
            for one, other in combinations(range(len(self.specification.dimensions)), 2)
            if is_nested(pairs := {(group[one], group[other]) for group in present})
        ]
        possible = [
            group
            for group in inner
            if all((group[one], group[other]) in pairs for one, other, pairs in apart)
        ]
        # A total of groups that are all empty is empty too.
        with_totals = {
            group for labels in possible for group in product(*((label, ALL) for label in labels))
        }
        return frozenset(self.groups) - with_totals

    def is_structural_zero(self, group: Group) -> bool:
        """Whether the specification says that nobody can be in this group."""
        conditions = self.specification.structural_zeros
        if conditions == "all":
            return True
        labels = dict(zip(self.specification.dimensions, group, strict=True))
        return any(
            all(labels[dimension] == value for dimension, value in condition)
            for condition in conditions
        )
