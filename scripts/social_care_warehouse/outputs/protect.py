"""Decides which counts of a table are shown, and how."""

from __future__ import annotations

from dataclasses import dataclass, field

from social_care_warehouse.outputs.query import Group, TrueTable
from social_care_warehouse.outputs.rules import Rules
from social_care_warehouse.outputs.table import HIDDEN, Cell

Count = tuple[str, Group]  # the series and the group


@dataclass
class Protection:
    """What of each count is shown, and which counts were hidden for which reason."""

    shown: dict[str, dict[Group, Cell]]
    sentence: str
    small: set[Count] = field(default_factory=set)
    rest_is_small: set[Count] = field(default_factory=set)
    to_protect_others: set[Count] = field(default_factory=set)


def protect(true_table: TrueTable, rules: Rules, *, exact: bool = False) -> Protection:
    """Hide every small count, and round the others or show them as they are."""
    protection = Protection({}, _sentence(rules, exact=exact))
    _hide_small(true_table, rules, protection)
    show(true_table, rules, protection, exact=exact)
    return protection


def show(true_table: TrueTable, rules: Rules, protection: Protection, *, exact: bool) -> None:
    """Fill in what is shown of each count, from what is hidden."""
    hidden = protection.small | protection.rest_is_small | protection.to_protect_others
    for series, counts in true_table.counts.items():
        protection.shown[series] = {
            group: _cell(count, rules, is_hidden=(series, group) in hidden, exact=exact)
            for group, count in counts.items()
        }


def _cell(count: int | None, rules: Rules, *, is_hidden: bool, exact: bool) -> Cell:
    if count is None:
        return None
    if is_hidden:
        return HIDDEN
    return count if exact else rules.rounded(count)


def _hide_small(true_table: TrueTable, rules: Rules, protection: Protection) -> None:
    for series in true_table.series:
        for group, count in true_table.counts[series.name].items():
            if count is None or (count == 0 and true_table.is_structural_zero(group)):
                continue
            if count < rules.threshold:
                protection.small.add((series.name, group))
            elif series.part_of and not series.may_be_all and series.is_yes:
                whole = true_table.counts[series.part_of][group]
                if whole is not None and whole - count < rules.threshold:
                    protection.rest_is_small.add((series.name, group))


def _sentence(rules: Rules, *, exact: bool) -> str:
    return (
        f"Counts under {rules.threshold} are hidden ({HIDDEN})."
        if exact
        else f"Counts are rounded to the nearest {rules.base}, each from its true value. Counts"
        f" under {rules.threshold} are hidden ({HIDDEN})."
    )
