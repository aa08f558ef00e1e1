"""Step 1: what a folder holds. Which file is which dataset, and what the others are."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from social_care_warehouse.console import UserError
from social_care_warehouse.loading.columns import Dataset
from social_care_warehouse.loading.fit import Fit, are_merged, best_fits, fit_of, in_short
from social_care_warehouse.loading.header import (
    DELIMITERS,
    OTHER_DELIMITERS,
    Header,
    NotReadableError,
    has_readable_name,
    read_header,
)
from social_care_warehouse.loading.names import printable
from social_care_warehouse.loading.suggestions import near_misses, nearest_fit
from social_care_warehouse.loading.text import FileScan

MOST_COLUMNS = 5000
MOST_NAMED = 3  # in one sentence
LAST_YEAR = 2049  # of a school year, as latest_plausible_date has it
# The operating system makes these files up while they are read; reading one may never end.
VIRTUAL_FOLDERS = (Path("/proc"), Path("/sys"))


class Verdict(Enum):
    """What happens to a file or folder."""

    LOADED = "loaded"
    KEPT = "loaded before"  # and not read again
    UNUSED = "not loaded"  # the others are loaded all the same
    REFUSED = "refused"  # and nothing is loaded


@dataclass(frozen=True)
class RecognisedFile:
    """A file with a header that belongs to a dataset, or is near one."""

    header: Header
    fit: Fit
    state: tuple[int, int]  # size and time of change, to notice that it changes meanwhile
    scan: FileScan | None = None

    @property
    def name(self) -> str:
        """The name of the file, as it can be shown."""
        return self.header.name

    @property
    def dataset(self) -> Dataset:
        """The dataset that the file belongs to, or is nearest to."""
        return self.fit.dataset

    @property
    def suggestions(self) -> dict[str, str]:
        """Unknown columns that nearly have a known name, each with the column that is meant."""
        return near_misses(self.header, self.fit)

    @property
    def unused_columns(self) -> tuple[str, ...]:
        """The columns that no dataset knows, as they can be shown."""
        return tuple(
            self.header.shown(position)
            for position, column in enumerate(self.fit.columns, start=1)
            if column is None
        )


@dataclass(frozen=True)
class Entry:
    """A file or folder of a delivery: what happens to it and why."""

    name: str
    verdict: Verdict
    reason: str = ""  # why it is not loaded; a sentence if it is refused
    file: RecognisedFile | None = None


@dataclass(frozen=True)
class Delivery:
    """All that is in a folder."""

    folder: str
    datasets: tuple[Dataset, ...]
    entries: tuple[Entry, ...]

    @property
    def files(self) -> list[RecognisedFile]:
        """The files to load."""
        return [entry.file for entry in self.entries if entry.file and _is_loaded(entry)]

    @property
    def unused(self) -> list[Entry]:
        """The files and folders that are not loaded, though nothing is wrong."""
        return [entry for entry in self.entries if entry.verdict is Verdict.UNUSED]

    @property
    def problems(self) -> list[str]:
        """Sentences, each reason enough not to load the delivery."""
        problems = [entry.reason for entry in self.entries if entry.verdict is Verdict.REFUSED]
        has_data = any(entry.verdict in {Verdict.LOADED, Verdict.KEPT} for entry in self.entries)
        return problems if problems or has_data else [self._nothing_to_load()]

    def keeping(self, datasets: Collection[str]) -> Delivery:
        """The same delivery, where the files of these datasets are not read again."""
        entries = (
            replace(entry, verdict=Verdict.KEPT)
            if entry.file and _is_loaded(entry) and entry.file.dataset.name in datasets
            else entry
            for entry in self.entries
        )
        return replace(self, entries=tuple(entries))

    def files_of(self, dataset: Dataset) -> list[RecognisedFile]:
        """The files of one dataset."""
        return [file for file in self.files if file.dataset.name == dataset.name]

    def _nothing_to_load(self) -> str:
        names = ", ".join(dataset.name for dataset in self.datasets)
        found = "; ".join(f"{entry.name}: {entry.reason}" for entry in self.entries[:MOST_NAMED])
        if len(self.entries) > MOST_NAMED:
            found += "; …"
        return (
            f"No file in {self.folder} has the header of a known dataset ({names});"
            f" {f'it holds {found}' if found else 'it is empty'}."
            " Name the folder that holds the extract files."
        )


def survey(folder: Path, datasets: Sequence[Dataset]) -> Delivery:
    """Look at the top of every file in a folder, and recognise its dataset. Loads nothing.

    Raises UserError when there is no such folder. What is wrong with single files is in their
    entries.
    """
    paths = _paths(folder)
    taken: Counter[str] = Counter()
    entries = []
    for path in paths:
        name = printable(path.name)
        taken[name] += 1
        # Two names can look the same when they are shown.
        name = f"{name} ({taken[name]})" if taken[name] > 1 else name
        entries.append(_entry(path, name, datasets))
    return Delivery(printable(folder), tuple(datasets), tuple(entries))


def file_state(path: Path) -> tuple[int, int]:
    """What changes when a file is written to. Raises OSError."""
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def _is_loaded(entry: Entry) -> bool:
    return entry.verdict is Verdict.LOADED


def _paths(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir(), key=lambda path: path.name)
    except FileNotFoundError:
        raise UserError(f"There is no folder {printable(folder)}. Check the path.") from None
    except NotADirectoryError:
        raise UserError(
            f"{printable(folder)} is not a folder. Name the folder that holds the extract files."
        ) from None
    except (OSError, ValueError):
        raise UserError(
            f"The folder {printable(folder)} cannot be read. Check that you may read it."
        ) from None


def _entry(path: Path, name: str, datasets: Sequence[Dataset]) -> Entry:
    try:
        state = _state_of_regular_file(path)
        header = read_header(path, name, datasets)
        fits = best_fits(header.cells, datasets)
        if not fits:
            _refuse_hidden_dataset(header, datasets)
            return _unknown(header, state, datasets)
        if len(fits) > 1:
            names = " and ".join(fit.dataset.name for fit in fits)
            if are_merged(*fits[:2]):
                raise UserError(
                    f"{name} holds {names} in one table, so that rows of one are repeated or lost."
                    " Deliver each of them as a file of its own."
                )
            raise UserError(
                f"{name} could be {names}: its header fits each of them. Add the columns that"
                " only one of them has."
            )
    except NotReadableError as reason:
        return Entry(name, Verdict.UNUSED, str(reason))
    except UserError as problem:
        return Entry(name, Verdict.REFUSED, str(problem))
    file = RecognisedFile(header, fits[0], state)
    problem_of_header = _problem_of_header(file)
    if problem_of_header:
        hint = _hint_of_pupils(file, datasets)
        return Entry(name, Verdict.REFUSED, problem_of_header + hint, file)
    return Entry(name, Verdict.LOADED, file=file)


def _unknown(header: Header, state: tuple[int, int], datasets: Sequence[Dataset]) -> Entry:
    # Each name is compared with each known one: not worth it for a table of thousands of columns.
    nearest = nearest_fit(header, datasets) if len(header.cells) <= MOST_COLUMNS else None
    if nearest is None:
        return Entry(header.name, Verdict.UNUSED, "not a known dataset")
    reason = f"not a known dataset, nearest to {nearest.dataset.name}"
    return Entry(header.name, Verdict.UNUSED, reason, RecognisedFile(header, nearest, state))


def _state_of_regular_file(path: Path) -> tuple[int, int]:
    """The state of a file that can be opened without waiting for ever."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            _refuse_parts(path)
            raise NotReadableError("folder")
        real_path = Path(os.path.realpath(path))
        if not stat.S_ISREG(mode) or any(map(real_path.is_relative_to, VIRTUAL_FOLDERS)):
            raise NotReadableError("not a regular file")
        if not has_readable_name(path):
            raise NotReadableError("not a delimited text or Parquet file")
        state = file_state(path)
    except OSError:
        reason = "a link to nothing" if path.is_symlink() else "it cannot be looked at"
        raise NotReadableError(reason) from None
    if not state[0]:
        raise NotReadableError("empty file")
    return state


def _refuse_parts(folder: Path) -> None:
    """Refuse a folder that Spark or Arrow wrote in place of a file, with its rows in parts."""
    if folder.is_symlink():
        return
    if has_readable_name(folder) and any(map(has_readable_name, folder.iterdir())):
        raise UserError(
            f"{printable(folder.name)} is a folder with parts of a file, and only files at the top"
            " level are read. Move the parts up, each under a name of its own, and remove the"
            " folder."
        )


def _refuse_hidden_dataset(header: Header, datasets: Sequence[Dataset]) -> None:
    """Refuse a file whose dataset only its first line, or its delimiter, hides."""
    for line, delimiter, cells in header.other_readings:
        fit = next((fit for fit in best_fits(cells, datasets) if fit.is_whole), None)
        if fit is None:
            continue
        if delimiter not in DELIMITERS:
            raise UserError(
                f"{header.name} is {fit.dataset.a_file} separated by"
                f" {OTHER_DELIMITERS[delimiter]}. Deliver it with commas or tabs."
            )
        raise UserError(
            f"The header of {header.name}, {fit.dataset.a_file}, is on line {line}."
            " Remove the lines above it."
        )


def _problem_of_header(file: RecognisedFile) -> str | None:
    """Why a file of a known dataset cannot be loaded, as far as its header shows."""
    header = file.header
    if len(header.cells) > MOST_COLUMNS:
        return (
            f"{file.name} has {len(header.cells):,} columns; at most {MOST_COLUMNS:,} can be"
            " loaded. Leave out columns that you do not need."
        )
    for position, cell in enumerate(header.cells, start=1):
        if "\n" in cell or "\r" in cell or (not header.fits_a_line and len(cell.splitlines()) > 1):
            return (
                f"The name of column {position} of {file.name} has a line break in it: a quote in"
                " the header is not closed, or the header is damaged. Correct the header."
            )
    return _columns_given_twice(file) or _missing_columns(file) or _different_years(file)


def _columns_given_twice(file: RecognisedFile) -> str | None:
    first_seen: dict[str, int] = {}
    for position, column in enumerate(file.fit.columns, start=1):
        if column is not None and first_seen.setdefault(column, position) != position:
            return (
                f"Columns {first_seen[column]} and {position} of {file.name} both mean {column}."
                " Remove one of them."
            )
    return None


def _missing_columns(file: RecognisedFile) -> str | None:
    groups = file.fit.missing_groups
    if not groups:
        return None
    missing = {column for group in groups for column in group}
    columns = "the column" if len(groups) == 1 else "the columns"
    meant = ", ".join(
        f"{column} by {cell}" for cell, column in file.suggestions.items() if column in missing
    )
    return (
        f"{file.name} is {file.dataset.a_file} without {columns} {', '.join(file.fit.missing)}"
        f"{f'; did you mean {meant}?' if meant else '. Add what is missing.'}"
    )


def _hint_of_pupils(file: RecognisedFile, datasets: Sequence[Dataset]) -> str:
    """What to do if a file that lacks most of what its dataset requires is a list of pupils."""
    if 2 * file.fit.n_required > len(file.dataset.required_groups):
        return ""
    for dataset in datasets:
        pupils = fit_of(file.header.cells, dataset)
        if dataset.layout.is_last_choice and pupils.is_whole:
            more = ", ".join(in_short(sorted(file.fit.columns_unknown_to(pupils))))
            return f" If it is a list of pupils, remove these columns: {more}."
    return ""


def _different_years(file: RecognisedFile) -> str | None:
    first_with: dict[int, int] = {}
    for position, (cell, meaning) in enumerate(
        zip(file.header.cells, file.fit.meanings, strict=True), start=1
    ):
        year = meaning.year if meaning else file.dataset.stem(cell)[1]
        if year:
            first_with.setdefault(year, position)
    if len(first_with) < 2:
        return _year_to_come(file, first_with)
    names = ", ".join(file.header.shown(position) for position in first_with.values())
    return (
        f"The names of the columns of {file.name}, {file.dataset.a_file}, say different years:"
        f" {names}. Deliver each year as a file of its own."
    )


def _year_to_come(file: RecognisedFile, first_with: dict[int, int]) -> str | None:
    for year, position in first_with.items():
        if year > LAST_YEAR:
            return (
                f"The names of the columns of {file.name}, {file.dataset.a_file}, say the year"
                f" {year}: {file.header.shown(position)}. Correct the two digits: they are those of"
                " the year in which the school year ends."
            )
    return None
