"""The columns that each dataset is known by, as the seeds list them.

`column_aliases` has the names of the columns, `dataset_layout` what the names of a dataset have in
common, such as the year at the end of `SessionsPossible_Autumn_ab12`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from string import ascii_lowercase

from social_care_warehouse.console import PROJECT_DIR, UserError

COLUMN_ALIASES = PROJECT_DIR / "seeds" / "definitions" / "column_aliases.csv"
DATASET_LAYOUT = COLUMN_ALIASES.with_name("dataset_layout.csv")

# In the seeds: the last two digits of the year in which a school year ends, and the number of a
# group of columns.
YEAR, NUMBER = "[yy]", "[n]"
FIRST_YEAR = 2000
# Some releases end the name of a pseudonym in this way.
PSEUDONYM = "anon"

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


@dataclass(frozen=True)
class Meaning:
    """What a header cell means: a column in `raw`, and the year in its name if it has one."""

    column: str
    year: int | None = None
    number: int = 0  # of its group of columns


@dataclass(frozen=True)
class Layout:
    """What the columns and the files of a dataset have in common."""

    prefixes: tuple[str, ...] = ()
    suffix: str = ""  # its letters; two digits of the year follow
    files_may_differ: bool = False  # in their columns
    is_last_choice: bool = False  # for a file that can be another dataset


@dataclass(frozen=True)
class _Pattern:
    """A name with placeholders."""

    column: str
    form: re.Pattern[str]
    highest_number: int

    def meaning(self, form: str) -> Meaning | None:
        found = self.form.fullmatch(form)
        digits = found.groupdict() if found else {}
        number = int(digits.get("number", 0))
        if not found or number > self.highest_number or (number < 1 and NUMBER in self.column):
            return None
        year = FIRST_YEAR + int(digits["year"]) if "year" in digits else None
        return Meaning(self.column.replace(NUMBER, str(number)), year, number)


@dataclass(frozen=True)
class Dataset:
    """A known dataset: its columns in the order of `raw`, and their other names."""

    name: str
    columns: tuple[str, ...]
    # A file must have a column of each of these groups. Most groups are a single column.
    required_groups: tuple[tuple[str, ...], ...]
    # Columns with a fixed name, by that name.
    canonical_names: dict[str, str] = field(repr=False)
    # What a column holds, such as a date.
    kinds: dict[str, str] = field(repr=False)
    # Columns with a year or number in their name, by the name without digits.
    patterns: dict[str, list[_Pattern]] = field(repr=False, default_factory=dict)
    layout: Layout = field(default_factory=Layout)
    # What was looked up before.
    _meanings: dict[str, Meaning | None] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    @property
    def required(self) -> frozenset[str]:
        """The columns that every file must have."""
        return frozenset(group[0] for group in self.required_groups if len(group) == 1)

    @property
    def a_file(self) -> str:
        """What a file of the dataset is called in a sentence."""
        return f"{'an' if self.name[0] in 'aeiou' else 'a'} {self.name} file"

    @property
    def has_year(self) -> bool:
        """Whether the names of the columns say which year a file is about."""
        return bool(self.layout.suffix)

    def meaning(self, header_cell: str) -> Meaning | None:
        """What a header cell means, or its matching form; None if it is not known."""
        # The files of one dataset have mostly the same columns.
        if header_cell not in self._meanings:
            stems = self._stems(matching_form(header_cell))
            found = (self._look_up(*stem) for stem in stems)
            self._meanings[header_cell] = next(filter(None, found), None)
        return self._meanings[header_cell]

    def stem(self, header_cell: str) -> tuple[str, int | None]:
        """A header cell without the suffix of the dataset, and the year in that suffix."""
        # A sign before it, or Index12 would be an Ind of 2012.
        return self._without_suffix(header_cell.strip(), r"[\W_]+")

    @cached_property
    def letters(self) -> frozenset[str]:
        """The letters in each way to write the name of a column."""
        names = map(letters_of, (*self.canonical_names, *self.patterns))
        prefixes = ("", *map(matching_form, self.layout.prefixes))
        suffixes = {"", matching_form(self.layout.suffix)}
        return frozenset(
            prefix + name + suffix + pseudonym
            for name in names
            for prefix in prefixes
            for suffix in suffixes
            for pseudonym in ("", PSEUDONYM)
        )

    def _without_suffix(self, name: str, sign_before: str) -> tuple[str, int | None]:
        if not self.has_year:
            return name, None
        suffix = rf"{matching_form(self.layout.suffix)}[\W_]*(\d\d)(?:[\W_]*{PSEUDONYM})?"
        found = re.fullmatch(f"(.+?){sign_before}{suffix}", name, re.IGNORECASE)
        return (found[1], FIRST_YEAR + int(found[2])) if found else (name, None)

    def _stems(self, form: str) -> Iterator[tuple[str, int | None]]:
        names = [form, *([form.removesuffix(PSEUDONYM)] if form.endswith(PSEUDONYM) else [])]
        for prefix in map(matching_form, self.layout.prefixes):
            names += [name.removeprefix(prefix) for name in names if name.startswith(prefix)]
        for name in names:
            yield name, None
            stem, year = self._without_suffix(name, "")
            if year:
                yield stem, year

    def _look_up(self, name: str, year: int | None) -> Meaning | None:
        if column := self.canonical_names.get(name):
            return Meaning(column, year)
        for pattern in self.patterns.get(_without_digits(name), ()):
            if found := pattern.meaning(name):
                return replace(found, year=found.year or year)
        return None


def matching_form(header_cell: str) -> str:
    """A header cell in the form in which headers are compared: no case, no punctuation."""
    return "".join(character for character in header_cell.lower() if character.isalnum())


def letters_of(form: str) -> str:
    """The letters of a matching form."""
    return "".join(character for character in form if character in ascii_lowercase)


def _without_digits(form: str) -> str:
    return re.sub(r"\d+", "#", form)


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
    patterns: dict[str, list[_Pattern]] = field(default_factory=dict)

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
                pattern = _Pattern(column, re.compile(form), highest)
                self.patterns.setdefault(_without_digits(example), []).append(pattern)
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
            ),
        )

    def _numbered(self, column: str) -> list[str]:
        if NUMBER not in column:
            return [column]
        highest = self.columns[column][-1]
        return [column.replace(NUMBER, str(number)) for number in range(1, highest + 1)]


@dataclass(frozen=True)
class Fit:
    """How well a header fits one dataset."""

    dataset: Dataset
    # What each header cell means; None where it is not known.
    meanings: tuple[Meaning | None, ...]

    @property
    def columns(self) -> tuple[str | None, ...]:
        """The name in `raw` of each header cell; None where it is not known."""
        return tuple(meaning.column if meaning else None for meaning in self.meanings)

    @cached_property
    def known(self) -> frozenset[str]:
        return frozenset(meaning.column for meaning in self.meanings if meaning)

    @property
    def year(self) -> int | None:
        """The year in which the school year ends that the names of the columns say."""
        return next((meaning.year for meaning in self.meanings if meaning and meaning.year), None)

    @property
    def n_groups(self) -> int:
        """How many groups of numbered columns there are."""
        return max((meaning.number for meaning in self.meanings if meaning), default=0)

    @property
    def missing_groups(self) -> list[tuple[str, ...]]:
        """The groups of required columns that the header lacks."""
        return [group for group in self.dataset.required_groups if not self.known & set(group)]

    @property
    def missing(self) -> list[str]:
        """The columns that have to be there, in words if one of several is enough."""
        return [" or ".join(in_short(group)) for group in self.missing_groups]

    @property
    def n_required(self) -> int:
        return len(self.dataset.required_groups) - len(self.missing_groups)

    @property
    def is_whole(self) -> bool:
        return not self.missing_groups

    @property
    def is_lacking(self) -> bool:
        """So much of the dataset is there that the file can only be it, with columns missing."""
        if self.is_whole or not self.n_required:
            return False
        known_cells = sum(meaning is not None for meaning in self.meanings)
        has_half = self.n_required >= max(3, len(self.dataset.required_groups) / 2)
        is_mostly_known = len(self.known) >= 4 and known_cells > 0.75 * len(self.meanings)
        return has_half or is_mostly_known

    @property
    def rank(self) -> tuple[int, int, bool]:
        is_likelier = not self.is_whole and self.dataset.layout.is_last_choice
        return self.n_required, len(self.known), is_likelier


def in_short(columns: Sequence[str]) -> list[str]:
    """Names of columns; three or more that differ in their number only as one."""
    alike: dict[str, list[str]] = {}
    for column in columns:
        alike.setdefault(re.sub(r"\d+$", "", column), []).append(column)
    return [
        name
        for names in alike.values()
        for name in (names if len(names) < 3 else [f"{names[0]} to {names[-1]}"])
    ]


def fit_of(header: Sequence[str], dataset: Dataset) -> Fit:
    """How well a header fits a dataset."""
    return Fit(dataset, tuple(map(dataset.meaning, header)))


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
    # A list of pupils has the columns that other datasets have as well.
    candidates = (
        [fit for fit in whole if not fit.dataset.layout.is_last_choice] or whole or candidates
    )
    best = max(fit.rank for fit in candidates)
    return [fit for fit in candidates if fit.rank == best]
