"""The columns that each dataset is known by, as the seed `column_aliases` lists them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from social_care_warehouse.console import PROJECT_DIR, UserError

COLUMN_ALIASES = PROJECT_DIR / "seeds" / "definitions" / "column_aliases.csv"
STAGED_COLUMNS = COLUMN_ALIASES.with_name("staged_column.csv")
# The staging column with the years that a file is about.
YEAR_COLUMN = "academic_year_start"


@dataclass(frozen=True)
class Dataset:
    """A known dataset: its columns in the order of `raw`, and their other names."""

    name: str
    columns: tuple[str, ...]
    required: frozenset[str]
    canonical_names: dict[str, str] = field(repr=False)
    # What a column holds, such as a date, as the seed `staged_column` lists it.
    kinds: dict[str, str] = field(repr=False)

    def canonical_name(self, header_cell: str) -> str | None:
        """The name in `raw` of the column that a header cell means; None if it is not known."""
        return self.canonical_names.get(matching_form(header_cell))


def matching_form(header_cell: str) -> str:
    """A header cell in the form in which headers are compared: no case, no punctuation."""
    return "".join(character for character in header_cell.lower() if character.isalnum())


def read_datasets(seed: Path = COLUMN_ALIASES) -> list[Dataset]:
    """Read the seed: one Dataset for each name in its column `dataset`, in the seed's order.

    Raises UserError when the seed cannot be read or contradicts itself.
    """
    kinds = _read_kinds()
    columns: dict[str, dict[str, bool]] = {}
    aliases: dict[str, dict[str, str]] = {}
    try:
        with seed.open(encoding="utf-8-sig", newline="") as lines:
            for line, row in enumerate(csv.DictReader(lines), start=2):
                dataset, column = row["dataset"], row["column_name"]
                is_required = row["is_required"].strip().lower() == "true"
                if columns.setdefault(dataset, {}).setdefault(column, is_required) != is_required:
                    raise UserError(
                        f"Line {line} of {seed.name} contradicts an earlier line on {column}."
                    )
                for name in (column, row["alias"]):
                    known = aliases.setdefault(dataset, {}).setdefault(matching_form(name), column)
                    if known != column:
                        raise UserError(
                            f"Line {line} of {seed.name}: {name} already means {known}."
                        )
    except (OSError, UnicodeDecodeError, KeyError, AttributeError, csv.Error):
        raise UserError(f"The list of known columns, {seed}, cannot be read.") from None
    if not columns:
        raise UserError(f"The list of known columns, {seed}, is empty.")
    return [
        Dataset(
            name=name,
            columns=tuple(of_dataset),
            required=frozenset(column for column, required in of_dataset.items() if required),
            canonical_names=aliases[name],
            kinds=kinds.get(name, {}),
        )
        for name, of_dataset in columns.items()
    ]


def _read_kinds() -> dict[str, dict[str, str]]:
    """For each dataset, what its delivered columns hold."""
    kinds: dict[str, dict[str, str]] = {}
    with STAGED_COLUMNS.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            kind = "years" if row["column_name"] == YEAR_COLUMN else row["kind"]
            kinds.setdefault(row["dataset"], {})[row["delivered_column"]] = kind
    return kinds


@dataclass(frozen=True)
class Fit:
    """How well a header fits one dataset."""

    dataset: Dataset
    # The name in `raw` of each header cell; None where it is not known.
    columns: tuple[str | None, ...]

    @property
    def known(self) -> frozenset[str]:
        return frozenset(column for column in self.columns if column is not None)

    @property
    def n_required(self) -> int:
        return len(self.known & self.dataset.required)

    @property
    def missing(self) -> list[str]:
        return [
            column
            for column in self.dataset.columns
            if column in self.dataset.required and column not in self.known
        ]

    @property
    def is_whole(self) -> bool:
        return not self.missing

    @property
    def is_lacking(self) -> bool:
        """So much of the dataset is there that the file can only be it, with columns missing."""
        if self.is_whole or not self.n_required:
            return False
        known_cells = sum(column is not None for column in self.columns)
        has_half = self.n_required >= max(3, len(self.dataset.required) / 2)
        is_mostly_known = len(self.known) >= 4 and known_cells > 0.75 * len(self.columns)
        return has_half or is_mostly_known

    @property
    def rank(self) -> tuple[int, int]:
        return self.n_required, len(self.known)


def fit_of(header: Sequence[str], dataset: Dataset) -> Fit:
    """How well a header fits a dataset."""
    return Fit(dataset, tuple(map(dataset.canonical_name, header)))


def best_fits(header: Sequence[str], datasets: Sequence[Dataset]) -> list[Fit]:
    """The dataset that a header belongs to, whole or lacking columns.

    Empty when it is no known dataset; several when it fits more than one equally well. A dataset
    that lacks columns is preferred to a whole one only if more of its required columns are there: a
    file of children looked after without its date column is still that, though it has all that a
    list of pupils needs.
    """
    fits = [fit_of(header, dataset) for dataset in datasets]
    candidates = [fit for fit in fits if fit.is_whole or fit.is_lacking]
    if not candidates:
        return []
    most_required = max(fit.n_required for fit in candidates)
    candidates = [fit for fit in candidates if fit.n_required == most_required]
    whole = [fit for fit in candidates if fit.is_whole]
    candidates = whole or candidates
    best = max(fit.rank for fit in candidates)
    return [fit for fit in candidates if fit.rank == best]
