"""The columns by which each dataset is known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from string import ascii_lowercase

# In the seeds: the last two digits of the year in which a school year ends, and the number of a
# group of columns.
YEAR, NUMBER = "[yy]", "[n]"
FIRST_YEAR = 2000
# Some releases end the name of a pseudonym in this way.
PSEUDONYM = "anon"


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
    n_rows_of_placeholder: int = 20  # on one identifier, where they are a twentieth of all rows


@dataclass(frozen=True)
class Pattern:
    """A name with placeholders."""

    column: str
    form: re.Pattern[str]
    highest_number: int

    def meaning(self, form: str) -> Meaning | None:
        """What a name in matching form means, if it has this pattern."""
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
    patterns: dict[str, list[Pattern]] = field(repr=False, default_factory=dict)
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
        prefixes = ("", *self._prefixes)
        suffixes = {"", matching_form(self.layout.suffix)}
        return frozenset(
            prefix + name + suffix + pseudonym
            for name in names
            for prefix in prefixes
            for suffix in suffixes
            for pseudonym in ("", PSEUDONYM)
        )

    @cached_property
    def _prefixes(self) -> tuple[str, ...]:
        return tuple(map(matching_form, self.layout.prefixes))

    @cached_property
    def _suffix(self) -> str:
        return rf"{matching_form(self.layout.suffix)}[\W_]*(\d\d)(?:[\W_]*{PSEUDONYM})?"

    def _without_suffix(self, name: str, sign_before: str) -> tuple[str, int | None]:
        if not self.has_year:
            return name, None
        found = re.fullmatch(f"(.+?){sign_before}{self._suffix}", name, re.IGNORECASE)
        return (found[1], FIRST_YEAR + int(found[2])) if found else (name, None)

    def _stems(self, form: str) -> Iterator[tuple[str, int | None]]:
        names = [form, *([form.removesuffix(PSEUDONYM)] if form.endswith(PSEUDONYM) else [])]
        for prefix in self._prefixes:
            names += [name.removeprefix(prefix) for name in names if name.startswith(prefix)]
        for name in names:
            yield name, None
            stem, year = self._without_suffix(name, "")
            if year:
                yield stem, year

    def _look_up(self, name: str, year: int | None) -> Meaning | None:
        if column := self.canonical_names.get(name):
            return Meaning(column, year)
        for pattern in self.patterns.get(without_digits(name), ()):
            if found := pattern.meaning(name):
                return replace(found, year=found.year or year)
        return None


def matching_form(header_cell: str) -> str:
    """A header cell in the form in which headers are compared: no case, no punctuation."""
    lower = header_cell.lower()
    return lower if lower.isalnum() else "".join(filter(str.isalnum, lower))


def letters_of(form: str) -> str:
    """The letters of a matching form."""
    return "".join(character for character in form if character in ascii_lowercase)


def without_digits(form: str) -> str:
    """A matching form in which every number is the same."""
    return re.sub(r"\d+", "#", form)
