"""Reads the known columns from the seeds.

`column_aliases` has the names of the columns, `dataset_layout` what the names of a dataset have in
common, such as the year at the end of `SessionsPossible_Autumn_ab12`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from social_care_warehouse.console import PROJECT_DIR, UserError
from social_care_warehouse.loading.columns import (
    NUMBER,
    YEAR,
    Dataset,
    Layout,
    Pattern,
    matching_form,
    without_digits,
)

COLUMN_ALIASES = PROJECT_DIR / "seeds" / "definitions" / "column_aliases.csv"
DATASET_LAYOUT = COLUMN_ALIASES.with_name("dataset_layout.csv")

_PLACEHOLDER = re.compile(r"(\[yy\]|\[n\])")
_DIGITS = {YEAR: r"(?P<year>\d\d)", NUMBER: r"(?P<number>\d\d?)"}
# What the seed says of the values of a column, and what the loader looks for in them.
_KINDS = {
    "identifier": "identifier",
    "academic year": "years",
    "calendar year": "year",
    "date": "date",
    "flag": "flag",
    "integer": "number",
    "decimal": "decimal",
}


def read_datasets(seed: Path = COLUMN_ALIASES) -> list[Dataset]:
    """Read the seeds: one Dataset for each name in the column `dataset`, in the seed's order.

    Raises UserError when a seed cannot be read or contradicts itself.
    """
    drafts: dict[str, _Draft] = {}
    try:
        layouts = {row["dataset"]: row for row in _rows(DATASET_LAYOUT)}
        for line, row in enumerate(_rows(seed), start=2):
            draft = drafts.setdefault(row["dataset"], _Draft())
            if problem := draft.contradiction(row):
                raise UserError(f"Line {line} of {seed.name}{problem}.")
    except (OSError, UnicodeDecodeError, KeyError, AttributeError, ValueError, csv.Error):
        raise UserError(f"The list of known columns, {seed}, cannot be read.") from None
    if not drafts:
        raise UserError(f"The list of known columns, {seed}, is empty.")
    return [draft.dataset(name, layouts.get(name, {})) for name, draft in drafts.items()]


def _rows(seed: Path) -> Iterator[dict[str, str]]:
    with seed.open(encoding="utf-8-sig", newline="") as lines:
        yield from csv.DictReader(lines)


def _is_true(cell: str) -> bool:
    return cell.strip().lower() == "true"


@dataclass
class _Draft:
    """A dataset whose rows are still being read."""

    # Whether it is required, its group, what it holds, and its highest number.
    columns: dict[str, tuple[bool, str, str, int]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    patterns: dict[str, list[Pattern]] = field(default_factory=dict)

    def contradiction(self, row: dict[str, str]) -> str | None:
        """Take a row of the seed. Returns how it contradicts an earlier one, if it does."""
        column = row["column_name"]
        is_required, highest = _is_true(row["is_required"]), int(row.get("highest_number") or 1)
        kind = _KINDS[row["value_type"]] if row.get("value_type") else ""
        facts = (is_required, row.get("one_of") or "", kind, highest)
        if self.columns.setdefault(column, facts) != facts:
            return f" contradicts an earlier line on {column}"
        for name in {column, row["alias"]}:
            parts = _PLACEHOLDER.split(name)
            form = "".join(_DIGITS.get(part) or matching_form(part) for part in parts)
            known = self.names.get(form)
            self.names[form] = column
            if known and known != column:
                return f": {name} already means {known}"
            if len(parts) > 1 and not known:
                example = "".join("1" if part in _DIGITS else matching_form(part) for part in parts)
                pattern = Pattern(column, re.compile(form), highest)
                self.patterns.setdefault(without_digits(example), []).append(pattern)
        return None

    def dataset(self, name: str, layout: dict[str, str]) -> Dataset:
        """The dataset, once all rows are read."""
        groups: dict[str, list[str]] = {}
        kinds: dict[str, str] = {}
        for column, (is_required, one_of, kind, _) in self.columns.items():
            if is_required or one_of:
                groups.setdefault(one_of or column, []).extend(self._numbered(column))
            if kind:
                kinds |= dict.fromkeys(self._numbered(column), kind)
        return Dataset(
            name=name,
            columns=tuple(name for column in self.columns for name in self._numbered(column)),
            required_groups=tuple(map(tuple, groups.values())),
            canonical_names={form: name for form, name in self.names.items() if "(" not in form},
            kinds=kinds,
            patterns=self.patterns,
            layout=Layout(
                prefixes=tuple(layout.get("prefixes", "").split()),
                suffix=layout.get("suffix", ""),
                files_may_differ=_is_true(layout.get("files_may_differ", "")),
                is_last_choice=_is_true(layout.get("is_last_choice", "")),
                n_rows_of_placeholder=int(layout.get("n_rows_of_placeholder") or 20),
            ),
        )

    def _numbered(self, column: str) -> list[str]:
        if NUMBER not in column:
            return [column]
        highest = self.columns[column][-1]
        return [column.replace(NUMBER, str(number)) for number in range(1, highest + 1)]
