"""Decides which counts of a table are shown: never small ones, or counts that reveal them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from social_care_warehouse.console import UserError, WorkError
from social_care_warehouse.outputs.audit import INFINITE, Goal, Model
from social_care_warehouse.outputs.rules import Rules
from social_care_warehouse.outputs.table import ALL, HIDDEN, Cell
from social_care_warehouse.outputs.true_table import Group, TrueTable

Count = tuple[str, Group]  # the series and the group


@dataclass
class Protection:
    """What is shown for each count, and why counts are hidden."""

    sentence: str
    is_exact: bool
    shown: dict[str, dict[Group, Cell]] = field(default_factory=dict)
    small: set[Count] = field(default_factory=set)
    rest_is_small: set[Count] = field(default_factory=set)
    to_protect_others: set[Count] = field(default_factory=set)
    # Columns by which persons are counted, in this table or an earlier one, and columns whose means
    # an earlier table shows for other groups.
    without_means: set[str] = field(default_factory=set)
    # Columns by which an earlier table counts persons, where one of the two tables is exact.
    without_medians: set[str] = field(default_factory=set)

    def hide(self, count: Count) -> None:
        """Hide one more count, because it would reveal a small one."""
        self.to_protect_others.add(count)
        self.shown[count[0]][count[1]] = HIDDEN


@dataclass
class TableModel:
    """The model of a table, and which variable of it is which count."""

    model: Model
    variables: dict[Count, int]

    def counts(self) -> dict[int, Count]:
        """The count of each variable that is one."""
        return {variable: count for count, variable in self.variables.items()}


def protect(true_table: TrueTable, rules: Rules, *, exact: bool = False) -> Protection:
    """Hide every small count and every count that reveals it; round the others unless `exact`.

    Raises WorkError if a small count could still be found.
    """
    protection = Protection(_sentence(rules, exact=exact), exact)
    _hide_small(true_table, rules, protection)
    hidden = protection.small | protection.rest_is_small
    for series, counts in true_table.counts.items():
        protection.shown[series] = {
            group: _cell(count, rules, is_hidden=(series, group) in hidden, exact=exact)
            for group, count in counts.items()
        }
    protection.without_means = {
        str(measure.column)
        for measure in true_table.specification.measures
        if measure.kind == "mean" and str(measure.column).lower() in true_table.counted_by
    }
    hide_until_safe(true_table, protection, table_model(true_table, protection, rules))
    if true_table.known_to_be_empty:
        # Then from a reader who knows more. More hidden counts harm neither.
        model = table_model(true_table, protection, rules, true_table.known_to_be_empty)
        hide_until_safe(true_table, protection, model)
    return protection


def hide_until_safe(
    true_table: TrueTable, protection: Protection, built: TableModel, goals: list[int] | None = None
) -> set[Count]:
    """Hide more counts of the table until no goal of the model fails; gives them.

    Only counts of this table can be hidden. Raises WorkError where that is not enough.
    """
    model, counts = built.model, built.counts()
    added: set[Count] = set()
    unmet = model.unmet(goals)
    while unmet:
        chosen = {_to_hide(true_table, protection, built, counts, goal) for goal in unmet}
        if None in chosen:
            raise WorkError(
                f"{true_table.specification.name} cannot be made safe. Use fewer rows and columns."
            )
        for variable in chosen:
            if variable is not None:
                model.free(variable)
                protection.hide(counts[variable])
                added.add(counts[variable])
        unmet = model.unmet(unmet) or model.unmet(goals)
    return added


def table_model(
    true_table: TrueTable,
    protection: Protection,
    rules: Rules,
    known_to_be_empty: Collection[Group] = (),
) -> TableModel:
    """What a reader of this table alone knows: its shown counts, and which counts add up.

    A reader may also know that some groups are empty. The limits of a ratio depend on the observed
    count alone, so a reader can work it out of them.
    """
    model = Model()
    variables: dict[Count, int] = {}
    found_from_limits = true_table.series_with_limits()
    for name, shown in protection.shown.items():
        for group, cell in shown.items():
            if cell is None:
                continue
            if group in known_to_be_empty:
                variables[name, group] = model.add(0, 0)
                continue
            known = _true(true_table, (name, group))
            if name in found_from_limits and cell != HIDDEN:
                variables[name, group] = model.add(known, known)
            else:
                bounds = shown_bounds(cell, rules, exact=protection.is_exact)
                variables[name, group] = model.add(*bounds)
    for series in true_table.series:
        _add_totals(true_table, series.name, variables, model)
    for count in protection.small:
        if count[1] in known_to_be_empty:
            continue
        model.goals[variables[count]] = Goal(_true(true_table, count), rules.threshold, reach=True)
    _add_rests(true_table, variables, model, rules)
    return TableModel(model, variables)


def shown_bounds(cell: Cell, rules: Rules, *, exact: bool) -> tuple[float, float]:
    """The lowest and highest value of a count that is shown as this number."""
    if cell == HIDDEN:
        return 0, INFINITE
    shown = int(cell)  # type: ignore[arg-type]
    return (shown, shown) if exact or not shown else rules.may_be(shown)


def _add_totals(
    true_table: TrueTable, series: str, variables: dict[Count, int], model: Model
) -> None:
    """Each total is the sum over one dimension. Nobody is in a group without a number.

    Persons who are in several groups break the sum, and then nobody can subtract.
    """
    dimensions = true_table.specification.dimensions
    parts: dict[tuple[int, Group], list[Group]] = {}
    for group in true_table.groups:
        for number in range(len(dimensions)):
            if group[number] != ALL:
                total = (*group[:number], ALL, *group[number + 1 :])
                parts.setdefault((number, total), []).append(group)
    for (_, total), groups in parts.items():
        if (series, total) not in variables:
            continue
        counts = true_table.counts[series]
        if counts[total] == sum(counts[group] or 0 for group in groups):
            counted = [(series, group) for group in groups if (series, group) in variables]
            model.add_sum(variables[series, total], [variables[count] for count in counted])


def _add_rests(
    true_table: TrueTable, variables: dict[Count, int], model: Model, rules: Rules
) -> None:
    """The rest of a whole is not shown, but a reader can subtract."""
    for series in true_table.series:
        if not series.part_of:
            continue
        for group in true_table.groups:
            part, whole = (variables.get((one, group)) for one in (series.name, series.part_of))
            if part is None or whole is None or model.high[whole] == 0:
                continue
            rest = model.add()
            model.add_sum(whole, [part, rest])
            true_rest = _true(true_table, (series.part_of, group)) - _true(
                true_table, (series.name, group)
            )
            # "Nobody is unknown" is no secret. "Everybody has a yes" is one.
            is_small = true_rest < rules.threshold and (true_rest > 0 or series.is_yes)
            if is_small and not series.may_be_all:
                model.goals[rest] = Goal(true_rest, rules.threshold, reach=series.is_yes)


def _to_hide(
    true_table: TrueTable,
    protection: Protection,
    built: TableModel,
    counts: dict[int, Count],
    goal: int,
) -> int | None:
    """The smallest shown count in a sum with this one; else any that depends on it.

    A total is hidden only where no other count is left.
    """
    model = built.model
    nearest = [equation for equation in model.equations if goal in equation]
    # If all neighbours are hidden, their own neighbours reveal the count.
    for _ in range(len(model.equations)):
        near = {variable for equation in nearest for variable in equation}
        found = [
            (ALL in counts[variable][1], _true(true_table, counts[variable]), variable)
            for variable in near
            if variable in counts and model.high[variable] != INFINITE and model.high[variable] > 0
        ]
        if found:
            return min(found)[2]
        wider = [equation for equation in model.equations if near & set(equation)]
        if len(wider) == len(nearest):
            return None
        nearest = wider
    return None


def _true(true_table: TrueTable, count: Count) -> int:
    return true_table.counts[count[0]][count[1]] or 0


def _cell(count: int | None, rules: Rules, *, is_hidden: bool, exact: bool) -> Cell:
    if count is None:
        return None
    if is_hidden:
        return HIDDEN
    return count if exact else rules.rounded(count)


def _hide_small(true_table: TrueTable, rules: Rules, protection: Protection) -> None:
    """Hide counts under the threshold, and a part if the rest of its whole is under it."""
    for series in true_table.series:
        for group, count in true_table.counts[series.name].items():
            if count is None or (count == 0 and true_table.is_structural_zero(group)):
                continue
            _check_structural_zero(true_table, group)
            if count < rules.threshold:
                protection.small.add((series.name, group))
            elif series.is_yes and series.part_of and not series.may_be_all:
                whole = true_table.counts[series.part_of][group]
                if whole is not None and whole - count < rules.threshold:
                    protection.rest_is_small.add((series.name, group))


def _check_structural_zero(true_table: TrueTable, group: Group) -> None:
    """Somebody is in a group declared empty: showing the others as 0 would reveal this person."""
    specification = true_table.specification
    if specification.structural_zeros != "all" and true_table.is_structural_zero(group):
        raise UserError(
            f"{specification.source}, {specification.name}: structural_zeros names the group"
            f" {', '.join(group)}, but somebody is in it. Take it out of structural_zeros."
        )


def _sentence(rules: Rules, *, exact: bool) -> str:
    hidden = (
        f"Counts under {rules.threshold}, and counts that would give one of them away, are hidden"
        f" ({HIDDEN})."
    )
    if exact:
        return f"Counts are exact. {hidden}"
    return f"Counts are rounded to the nearest {rules.base}, each from its true value. {hidden}"
