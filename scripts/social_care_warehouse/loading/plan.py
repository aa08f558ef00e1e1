"""Step 2: which columns a table in `raw` has, and which column of a file goes into which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from social_care_warehouse.console import UserError
from social_care_warehouse.loading.columns import Dataset, matching_form
from social_care_warehouse.loading.survey import Delivery, RecognisedFile

SUFFIX_YEAR = "_suffix_year"
PROVENANCE = ("_source_file", "_source_line", "_source_row", "_loaded_at")
# A column of this name would hide the row numbers that DuckDB keeps itself.
TAKEN_NAMES = (*PROVENANCE, SUFFIX_YEAR, "rowid")

# A known column is identified by its name in `raw`, any other by its matching form and by how many
# columns of that form are to the left of it.
ColumnKey = str | tuple[str, int]


@dataclass(frozen=True)
class RawTable:
    """A table in `raw`: all known columns in the seed's order, then those that nothing uses."""

    dataset: Dataset
    unused: dict[ColumnKey, str]

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.dataset.columns, *self.unused.values())

    def columns_of(self, file: RecognisedFile) -> list[str]:
        """The table's column for each column of a file, in the file's order."""
        return [key if isinstance(key, str) else self.unused[key] for key in column_keys(file)]


def column_keys(file: RecognisedFile) -> list[ColumnKey]:
    """What each column of a file is, in the file's order."""
    seen: Counter[str] = Counter()
    keys: list[ColumnKey] = []
    for cell, column in zip(file.header.cells, file.fit.columns, strict=True):
        if column is not None:
            keys.append(column)
            continue
        # The files of all years share a column.
        form = matching_form(file.dataset.stem(cell)[0])
        seen[form] += 1
        keys.append((form, seen[form]))
    return keys


def plan_tables(delivery: Delivery, *, fill_missing_columns: bool) -> dict[str, RawTable]:
    """Decide the columns of every table. Raises UserError as `plan_table` does."""
    return {
        dataset.name: plan_table(
            dataset, delivery.files_of(dataset), fill_missing_columns=fill_missing_columns
        )
        for dataset in delivery.datasets
    }


def plan_table(
    dataset: Dataset, files: Sequence[RecognisedFile], *, fill_missing_columns: bool
) -> RawTable:
    """Decide the columns of a dataset's table from its files.

    Raises UserError when the files do not carry the same columns, unless missing ones are to be
    filled.
    """
    if not (fill_missing_columns or dataset.layout.files_may_differ):
        _refuse_different_columns(dataset, files)
    taken = {name.lower() for name in (*dataset.columns, *TAKEN_NAMES)}
    unused: dict[ColumnKey, str] = {}
    for file in files:
        for position, key in enumerate(column_keys(file)):
            if isinstance(key, str) or key in unused:
                continue
            can_be_shown = file.header.can_be_shown(position + 1)
            cell = dataset.stem(file.header.cells[position])[0]
            wanted = cell if can_be_shown else f"column_{position + 1}"
            unused[key] = _free_name(wanted, taken)
            taken.add(unused[key].lower())
    return RawTable(dataset, unused)


def _refuse_different_columns(dataset: Dataset, files: Sequence[RecognisedFile]) -> None:
    for other in files[1:]:
        first = files[0]
        for having, lacking in ((first, other), (other, first)):
            lacking_keys = set(column_keys(lacking))
            for position, key in enumerate(column_keys(having), start=1):
                if key not in lacking_keys:
                    column = key if isinstance(key, str) else having.header.shown(position)
                    raise UserError(
                        f"The {dataset.name} files do not have the same columns: {having.name} has "
                        f"{column}, {lacking.name} does not. Deliver the same columns, or use "
                        "--fill-missing-columns to load NULL where a column is missing."
                    )


def _free_name(wanted: str, taken: set[str]) -> str:
    name = wanted
    number = 2
    while name.lower() in taken:
        name = f"{wanted}_{number}"
        number += 1
    return name
