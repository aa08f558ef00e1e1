"""The register of earlier outputs, so that no difference between two tables reveals a person."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from io import StringIO
from itertools import chain
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

import duckdb

from social_care_warehouse.console import UserError, WorkError
from social_care_warehouse.outputs.joint import (
    MOST_LEAVES,
    Shown,
    cells_of,
    joint_counts,
    joint_model,
)
from social_care_warehouse.outputs.plan import Plan, planned
from social_care_warehouse.outputs.protect import Count, Protection, hide_until_safe
from social_care_warehouse.outputs.rules import Rules
from social_care_warehouse.outputs.specification import Measure, MeasureKind, Specification
from social_care_warehouse.outputs.table import ALL, HIDDEN, Cell
from social_care_warehouse.outputs.true_table import TrueTable

if TYPE_CHECKING:
    from social_care_warehouse.outputs.manifest import Build, Output

_VERSION = 1


@dataclass(frozen=True)
class Entry:
    """An earlier table: how it was made, and what it showed. It holds no hidden number."""

    name: str
    folder: str
    build_id: str
    is_exact: bool
    rules: dict[str, Any]
    specification: dict[str, Any]
    categories: dict[str, list[str]]
    cells: list[list[Any]]  # series, group, what is shown

    @property
    def label(self) -> str:
        """How sentences that may leave name the earlier table.

        Without the path to its folder, which can hold the names of persons and projects.
        """
        return f"{self.name} in {PurePath(self.folder).name}"


@dataclass(frozen=True)
class Register:
    """All earlier tables, the oldest first."""

    entries: tuple[Entry, ...] = ()

    @classmethod
    def read(cls, path: Path) -> Register:
        """The register of a file; empty without a file. Raises UserError if it is damaged."""
        if not path.exists():
            return cls()
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            if content["version"] != _VERSION:
                raise ValueError
            return cls(tuple(Entry(**entry) for entry in content["outputs"]))
        except (OSError, ValueError, KeyError, TypeError):
            raise UserError(
                f"The register of earlier outputs {path} cannot be read, so the new tables cannot"
                " be compared with them. Restore it from a copy, or name another with --register."
            ) from None

    def write(self, path: Path) -> None:
        """Replace the file in one step. The same table from the same build is kept once."""
        kept: dict[str, Entry] = {}
        for entry in self.entries:
            facts = asdict(entry)
            kept.setdefault(json.dumps(facts | {"folder": ""}, sort_keys=True), entry)
        content = {"version": _VERSION, "outputs": [asdict(entry) for entry in kept.values()]}
        part = path.with_name(f".{path.name}.part")
        try:
            part.write_text(json.dumps(content, ensure_ascii=False) + "\n", encoding="utf-8")
            part.chmod(0o600)
            part.replace(path)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise WorkError(f"The register {path} cannot be written: {error.strerror}.") from None


def entry_of(output: Output, build: Build, rules: Rules, folder: Path) -> Entry:
    """What the register keeps of a new table."""
    true_table = output.true_table
    return Entry(
        output.table.name,
        str(folder),
        build.build_id,
        output.protection.is_exact,
        rules.parameters(),
        asdict(true_table.specification),
        {name: [one for one in listed if one != ALL] for name, listed in _categories(true_table)},
        [
            [series, list(group), cell]
            for (series, group), cell in cells_of(output.protection.shown).items()
        ],
    )


def earlier_outputs(earlier: Sequence[Entry]) -> str:
    """Where earlier tables are. Not for release: the path of a folder can name a person."""
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["table", "folder", "build_id"])
    writer.writerows([entry.name, entry.folder, entry.build_id] for entry in earlier)
    return text.getvalue()


def check_earlier(  # noqa: PLR0912, PLR0913, PLR0917
    connection: duckdb.DuckDBPyConnection,
    true_table: TrueTable,
    protection: Protection,
    rules: Rules,
    earlier: Sequence[Entry],
    build: Build,
) -> str:
    """Compare a new table with every earlier one, and hide what would reveal a small count.

    Gives a sentence for the manifest. Raises WorkError, naming the earlier table, where hiding does
    not help, or where exact counts cannot be compared.
    """
    if not true_table.is_one_row_per_person:
        return "not compared: the source does not have one row per person"
    new = _shown(planned(connection, true_table.specification), true_table, protection, rules)
    old: dict[str, list[Shown]] = {}
    not_compared, hidden_for = [], []
    for entry in earlier:
        if entry.build_id != build.build_id:
            if protection.is_exact:
                raise WorkError(
                    f"{new.plan.specification.name} conflicts with {entry.label}: that table comes"
                    " from another build of the warehouse, so exact counts cannot be compared with"
                    " it. Leave --exact out, or name another register if that table never left."
                )
            not_compared.append(f"{entry.label} (another build)")
        elif plan := _plan_of(connection, entry):
            old.setdefault(entry.label, []).append(_shown_before(plan, entry))
    if sum(series.is_yes for series in new.plan.series) > 1:
        # One condition can hold another, and their difference can be few persons.
        _compare(connection, true_table, protection, [], [], new)
    for label, tables in old.items():
        for table in tables:
            if n_more := _compare(connection, true_table, protection, [label], [table], new):
                hidden_for.append(f"{_more_counts(n_more)} hidden because of {label}")
    for label, tables in old.items():
        for column in _means_of_other_groups(new, tables):
            protection.without_means.add(column)
            hidden_for.append(f"means of {column} hidden because of {label}")
        for column in _medians_counted_by(new, tables):
            protection.without_medians.add(column)
            hidden_for.append(f"medians of {column} hidden because of {label}")
        for series in _counts_by_columns_of_statistics(new, tables, label):
            _hide_all(protection, series)
            hidden_for.append(f"counts of {series} hidden because of means or medians in {label}")
    together = _together(connection, old, new)
    if len(together) > 1:
        tables = [table for label in together for table in old[label]]
        if n_more := _compare(connection, true_table, protection, together, tables, new):
            hidden_for.append(
                f"{_more_counts(n_more)} hidden because of {', '.join(together)} together"
            )
    in_pairs = [label for label in old if label not in together]
    parts = [
        f"compared with {', '.join(together)}{' and all together' if len(together) > 1 else ''}"
        if together
        else "",
        f"compared only in pairs with {', '.join(in_pairs)}" if in_pairs else "",
        *hidden_for,
        f"not compared with {', '.join(dict.fromkeys(not_compared))}" if not_compared else "",
    ]
    return "; ".join(filter(None, parts)) or "no earlier outputs of persons"


def _more_counts(number: int) -> str:
    return "1 more count" if number == 1 else f"{number:,} more counts"


def _means_of_other_groups(new: Shown, old: Sequence[Shown]) -> list[str]:
    """Columns of means in the new table that an earlier table counts by, or has other means of.

    The difference of two sums could be the sum of a group whose mean is hidden.
    """
    mine = new.plan.specification
    found = {
        column
        for table in old
        if (mine.dimensions, mine.filter)
        != (table.plan.specification.dimensions, table.plan.specification.filter)
        for column in _columns_of(table, "mean")
    }
    counted_by = {column for table in old for column in table.plan.counted_by}
    return sorted(
        column
        for column in _columns_of(new, "mean")
        if column in found or column.lower() in counted_by
    )


def _medians_counted_by(new: Shown, old: Sequence[Shown]) -> list[str]:
    """Columns of medians in the new table that an earlier table counts by, if one is exact."""
    counted_by = {
        column
        for table in old
        if new.is_exact or table.is_exact
        for column in table.plan.counted_by
    }
    return sorted(one for one in _columns_of(new, "median") if one.lower() in counted_by)


def _counts_by_columns_of_statistics(new: Shown, old: Sequence[Shown], label: str) -> list[str]:
    """The counts of persons with a yes, by a column of which an earlier table has means.

    With exact counts, also by a column of which it has medians. Raises WorkError where such a
    column makes the groups of the table.
    """
    specification = new.plan.specification
    columns = {
        column.lower()
        for table in old
        for kind in _kinds_to_compare(new, table)
        for column in _columns_of(table, kind)
    }
    for dimension in specification.dimensions:
        if dimension.lower() in columns:
            raise WorkError(
                f"{specification.name} conflicts with {label}: that table has means or medians of"
                f" {dimension}, and together with counts by {dimension} they could reveal small"
                f" counts. Leave {dimension} out of rows and columns, or leave the new table out."
            )
    return [
        series.name
        for series, used in new.plan.columns_of_answers
        if columns & used and series.is_yes
    ]


def _kinds_to_compare(new: Shown, old: Shown) -> tuple[MeasureKind, ...]:
    return ("mean", "median") if new.is_exact or old.is_exact else ("mean",)


def _hide_all(protection: Protection, series: str) -> None:
    for group, cell in protection.shown[series].items():
        if cell is not None and cell != HIDDEN:
            protection.hide((series, group))


def _columns_of(table: Shown, kind: MeasureKind) -> set[str]:
    """The columns of which a table has means, or medians."""
    measures = table.plan.specification.measures
    return {str(measure.column) for measure in measures if measure.kind == kind}


def _together(
    connection: duckdb.DuckDBPyConnection, old: Mapping[str, Sequence[Shown]], new: Shown
) -> list[str]:
    """The earlier tables that one model can hold with the new one: all, or the first that fit."""
    chosen: list[str] = []
    tables: list[Shown] = []
    if len(joint_counts(connection, [*chain(*old.values()), new])) <= MOST_LEAVES:
        return list(old)
    for label, more in old.items():
        if len(joint_counts(connection, [*tables, *more, new])) <= MOST_LEAVES:
            chosen.append(label)
            tables += more
    return chosen


def _compare(  # noqa: PLR0913, PLR0917
    connection: duckdb.DuckDBPyConnection,
    true_table: TrueTable,
    protection: Protection,
    labels: Sequence[str],
    old: Sequence[Shown],
    new: Shown,
) -> int:
    """Hide what would reveal a small count next to earlier tables; gives the number hidden."""
    counted = joint_counts(connection, [*old, new])
    n_hidden = 0
    try:
        # Which combinations are in the same shown counts changes with each that is hidden.
        while True:
            tables = [*old, replace(new, cells=cells_of(protection.shown))]
            built = joint_model(tables, counted)
            if not (more := len(hide_until_safe(true_table, protection, built))):
                return n_hidden
            n_hidden += more
    except WorkError:
        if not labels:
            raise WorkError(
                f"{true_table.specification.name} cannot be made safe, because its own measures"
                " conflict: together they would reveal small counts. Use fewer of its conditions."
            ) from None
        raise WorkError(
            f"{true_table.specification.name} conflicts with {', '.join(labels)}: together they"
            " would reveal small counts, whatever else is hidden. Use the rows, columns and"
            " filter of an earlier table, or leave the new one out."
        ) from None


def _shown(plan: Plan, true_table: TrueTable, protection: Protection, rules: Rules) -> Shown:
    categories = {
        name: [one for one in listed if one != ALL] for name, listed in _categories(true_table)
    }
    return Shown(plan, categories, cells_of(protection.shown), protection.is_exact, rules)


def _shown_before(plan: Plan, entry: Entry) -> Shown:
    cells: dict[Count, Cell] = {(series, tuple(group)): cell for series, group, cell in entry.cells}
    return Shown(plan, entry.categories, cells, entry.is_exact, Rules(**entry.rules))


def _plan_of(connection: duckdb.DuckDBPyConnection, entry: Entry) -> Plan | None:
    """How the earlier table was counted; None where its source has no single row per person."""
    facts = entry.specification
    measures = tuple(
        Measure(**measure | {
            "of": tuple(measure["of"]),
            "limits": tuple((column, label) for column, label in measure["limits"]),
        })
        for measure in facts["measures"]
    )  # fmt: skip
    zeros = facts["structural_zeros"]
    specification = Specification(**facts | {
        "rows": tuple(facts["rows"]),
        "columns": tuple(facts["columns"]),
        "totals": None if facts["totals"] is None else tuple(facts["totals"]),
        "measures": measures,
        "structural_zeros": zeros if zeros == "all" else (),
    })  # fmt: skip
    plan = planned(connection, specification)
    return plan if plan.is_one_row_per_person else None


def _categories(true_table: TrueTable) -> list[tuple[str, list[str]]]:
    return list(true_table.categories.items())
