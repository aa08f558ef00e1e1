"""A table that passed the disclosure rules: it holds nothing that they would hide."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from io import StringIO
from typing import Literal

# What a hidden number looks like.
HIDDEN = "[c]"
# The category that holds the total over a dimension.
ALL = "all"
# Persons of small categories together, and persons whose category is not known.
OTHER = "other"
NOT_KNOWN = "not known"

Kind = Literal["dimension", "count", "percent", "mean", "median", "ratio", "limit"]
# None: there is no such value, for example the median of a total over rows of a mart.
Cell = str | int | float | None


@dataclass(frozen=True)
class ReleasedColumn:
    """A column: its name in the file, its heading, and its content."""

    name: str
    label: str
    kind: Kind


@dataclass(frozen=True)
class ReleasedTable:
    """One row per combination of the dimensions. `rule` says how the numbers were protected."""

    name: str
    title: str
    population: str
    columns: tuple[ReleasedColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    rule: str
    n_hidden: int

    @property
    def n_numbers(self) -> int:
        """How many numbers it has, hidden ones included."""
        n_dimensions = sum(column.kind == "dimension" for column in self.columns)
        return sum(cell is not None for row in self.rows for cell in row[n_dimensions:])

    def as_csv(self) -> str:
        """The table as CSV, with the names of the columns in the first line."""
        text = StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([column.name for column in self.columns])
        writer.writerows(self.rows)
        return text.getvalue()
