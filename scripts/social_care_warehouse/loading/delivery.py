"""What a folder of extract files holds: which file is which dataset, and which is none of ours."""

from __future__ import annotations

import os
import stat
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from social_care_warehouse.console import UserError
from social_care_warehouse.loading.columns import Dataset, Fit, best_fits
from social_care_warehouse.loading.headers import (
    DELIMITERS,
    OTHER_DELIMITERS,
    Header,
    NotOursError,
    has_readable_name,
    read_header,
)
from social_care_warehouse.loading.near_misses import near_misses, nearest_fit

MOST_COLUMNS = 5000
MOST_NAMED = 3  # in one sentence


@dataclass(frozen=True)
class DeliveredFile:
    """A file of a dataset of ours."""

    path: Path
    name: str
    header: Header
    fit: Fit
    state: tuple[int, int]  # size and time of change, to notice that it changed while it was read

    @property
    def dataset(self) -> Dataset:
        return self.fit.dataset


@dataclass(frozen=True)
class UnusedFile:
    """A file or folder that is not loaded, and why."""

    name: str
    reason: str


@dataclass
class Delivery:
    """All that is in a folder. `problems` are sentences, each reason enough not to load."""

    folder: Path
    datasets: Sequence[Dataset]
    files: list[DeliveredFile] = field(default_factory=list)
    unused: list[UnusedFile] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def files_by_dataset(self) -> dict[str, list[DeliveredFile]]:
        by_dataset: dict[str, list[DeliveredFile]] = defaultdict(list)
        for file in self.files:
            by_dataset[file.dataset.name].append(file)
        return by_dataset


def survey(folder: Path, datasets: Sequence[Dataset]) -> Delivery:
    """Look at the top of every file in a folder and tell which dataset each is. Loads nothing.

    Raises UserError when there is no such folder; what is wrong with single files is collected in
    `problems`.
    """
    delivery = Delivery(folder, datasets)
    for path in _entries(folder):
        name = printable(path.name)
        try:
            delivery.files.append(_recognise(path, name, datasets))
        except NotOursError as reason:
            delivery.unused.append(UnusedFile(name, str(reason)))
        except UserError as problem:
            delivery.problems.append(str(problem))
    if not delivery.files and not delivery.problems:
        names = ", ".join(dataset.name for dataset in datasets)
        found = "; ".join(f"{file.name}: {file.reason}" for file in delivery.unused[:MOST_NAMED])
        if len(delivery.unused) > MOST_NAMED:
            found += "; …"
        delivery.problems.append(
            f"No file in {printable(folder)} has the header of a dataset known here ({names});"
            f" {f'it holds {found}' if found else 'it is empty'}."
        )
    return delivery


def printable(name: str | Path) -> str:
    """A name as text that can be shown and stored, even if its bytes are not UTF-8."""
    return os.fsencode(name).decode("utf-8", errors="replace")


def file_state(path: Path) -> tuple[int, int]:
    """What changes when a file is written to. Raises OSError."""
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir(), key=lambda path: path.name)
    except FileNotFoundError:
        raise UserError(f"There is no folder {printable(folder)}.") from None
    except NotADirectoryError:
        raise UserError(f"{printable(folder)} is not a folder.") from None
    except (OSError, ValueError):
        raise UserError(f"The folder {printable(folder)} cannot be read.") from None


def _recognise(path: Path, name: str, datasets: Sequence[Dataset]) -> DeliveredFile:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise NotOursError("folder")
        if not stat.S_ISREG(mode):
            raise NotOursError("not a regular file")
        if not has_readable_name(path):
            raise NotOursError("not a delimited text or Parquet file")
        state = file_state(path)
    except OSError:
        reason = "a link to nothing" if path.is_symlink() else "it cannot be looked at"
        raise NotOursError(reason) from None
    header = read_header(path, name, datasets)
    fits = best_fits(header.cells, datasets)
    if not fits:
        _refuse_header_elsewhere(name, header, datasets)
        # Each name is compared with each of ours: not worth it for a table of thousands of columns.
        nearest = len(header.cells) <= MOST_COLUMNS and nearest_fit(header.cells, datasets)
        raise NotOursError(
            "no dataset of ours" + (f", nearest to {nearest.dataset.name}" if nearest else "")
        )
    if len(fits) > 1:
        names = " and ".join(fit.dataset.name for fit in fits)
        raise UserError(f"{name} could be {names}: its header fits them equally well.")
    fit = fits[0]
    if len(header.cells) > MOST_COLUMNS:
        raise UserError(f"{name} has {len(header.cells):,} columns; {MOST_COLUMNS:,} are the most.")
    _refuse_columns_given_twice(name, fit)
    _refuse_missing_columns(name, header, fit)
    return DeliveredFile(path, name, header, fit, state)


def _refuse_header_elsewhere(name: str, header: Header, datasets: Sequence[Dataset]) -> None:
    """Refuse a dataset of ours that only its first line, or its delimiter, hides."""
    for line, delimiter, cells in header.other_readings:
        fit = next((fit for fit in best_fits(cells, datasets) if fit.is_whole), None)
        if fit is None:
            continue
        if delimiter not in DELIMITERS:
            raise UserError(
                f"{name} is a {fit.dataset.name} file separated by {OTHER_DELIMITERS[delimiter]};"
                " deliver it with commas or tabs."
            )
        raise UserError(
            f"The header of {name}, a {fit.dataset.name} file, is on line {line}; take away what"
            " stands above it."
        )


def _refuse_columns_given_twice(name: str, fit: Fit) -> None:
    first_seen: dict[str, int] = {}
    for position, column in enumerate(fit.columns, start=1):
        if column is None:
            continue
        if column in first_seen:
            raise UserError(
                f"Columns {first_seen[column]} and {position} of {name} both mean {column}."
            )
        first_seen[column] = position


def _refuse_missing_columns(name: str, header: Header, fit: Fit) -> None:
    if not fit.missing:
        return
    columns = "the column" if len(fit.missing) == 1 else "the columns"
    meant = ", ".join(
        f"{column} by {cell}"
        for cell, column in near_misses(header.cells, fit).items()
        if column in fit.missing
    )
    raise UserError(
        f"{name} is a {fit.dataset.name} file without {columns} {', '.join(fit.missing)}"
        f"{f'; did you mean {meant}?' if meant else '.'}"
    )
