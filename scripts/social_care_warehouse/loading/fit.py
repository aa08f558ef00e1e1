"""How well the header of a file fits each known dataset."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from social_care_warehouse.loading.columns import Dataset, Meaning

# With this many names that only one dataset has, its pupil reference among them, it is no chance.
FEWEST_OWN_NAMES = 3


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
        """The year in which the school year ends, as the suffix of the column names gives it."""
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
        """Whether the header can only belong to this dataset, although columns are missing."""
        if self.is_whole or not self.n_required:
            return False
        known_cells = sum(meaning is not None for meaning in self.meanings)
        has_half = self.n_required >= max(3, len(self.dataset.required_groups) / 2)
        is_mostly_known = len(self.known) >= 4 and known_cells > 0.75 * len(self.meanings)
        return has_half or is_mostly_known

    def columns_unknown_to(self, other: Fit) -> set[str]:
        """The columns of this dataset that the other one does not have."""
        return {
            mine.column
            for mine, theirs in zip(self.meanings, other.meanings, strict=True)
            if mine and not theirs
        }

    def is_likelier_than(self, whole: Fit) -> bool:
        """Whether a file belongs to this dataset, although it is complete as another one.

        The other dataset requires only columns that files of this one have too. So the file belongs
        here if it has at least as many columns that only this dataset has as columns that both
        have. Several of the former are enough if it has no column that only the other one has. A
        list of pupils has few columns of its own. Next to it, one required column of this dataset
        is enough.
        """
        own, not_own = self.columns_unknown_to(whole), whole.columns_unknown_to(self)
        if any(not_own & set(group) for group in whole.dataset.required_groups):
            return False
        if whole.dataset.layout.is_last_choice:
            is_enough = any(own & set(group) for group in self.dataset.required_groups)
        else:
            is_enough = len(own) > 1 and not not_own
        return is_enough or len(own) >= len(whole.known - not_own)

    @property
    def rank(self) -> tuple[int, int, bool]:
        is_likelier = not self.is_whole and self.dataset.layout.is_last_choice
        return self.n_required, len(self.known), is_likelier


def in_short(columns: Sequence[str]) -> list[str]:
    """Names of columns. Three or more that differ only in their number become one, as a range."""
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
    """The dataset that a header belongs to, with all required columns or not.

    Empty if the header fits no known dataset; several if it fits more than one equally well, or if
    somebody merged them. A dataset of which columns are missing can win over a complete one: if
    more of its required columns are there, or if it is likelier. For example, a file of offences
    without dates has all columns that a list of pupils needs, but it is a file of offences.
    """
    fits = [fit_of(header, dataset) for dataset in datasets]
    candidates = _candidates(fits)
    if not candidates:
        return []
    merged = [fit for fit in fits if any(are_merged(fit, other) for other in fits)]
    if merged:
        return merged
    most_required = max(fit.n_required for fit in candidates)
    candidates = [fit for fit in candidates if fit.n_required == most_required]
    whole = [fit for fit in candidates if fit.is_whole]
    # A list of pupils has the columns that other datasets have as well.
    candidates = (
        [fit for fit in whole if not fit.dataset.layout.is_last_choice] or whole or candidates
    )
    best = max(fit.rank for fit in candidates)
    return [fit for fit in candidates if fit.rank == best]


def are_merged(one: Fit, other: Fit) -> bool:
    """Whether a file holds two datasets: all required columns of each, several of them its own."""
    return (one.is_whole and other.is_whole) and all(
        sum(not group.isdisjoint(own) for group in map(set, fit.dataset.required_groups))
        >= FEWEST_OWN_NAMES
        for fit, own in (
            (one, one.columns_unknown_to(other)),
            (other, other.columns_unknown_to(one)),
        )
    )


def _candidates(fits: Sequence[Fit]) -> list[Fit]:
    """The datasets that the file can be: complete ones, and likely ones with columns missing."""
    whole = [fit for fit in fits if fit.is_whole]
    likelier = {
        (fit.dataset.name, other.dataset.name)
        for fit in fits
        for other in whole
        if fit.is_likelier_than(other)
    }
    surpassed = {name for _, name in likelier}
    names = {name for name, _ in likelier}
    # Several datasets have an academic year. The other columns show which dataset it is.
    most_known = max((len(fit.known) for fit in fits if fit.dataset.name in names), default=0)
    return [
        fit
        for fit in fits
        if fit.dataset.name not in surpassed
        and (
            fit.is_whole
            or fit.is_lacking
            or _has_own_pupils(fit, fits)
            or (fit.dataset.name in names and len(fit.known) == most_known)
        )
    ]


def _has_own_pupils(fit: Fit, fits: Sequence[Fit]) -> bool:
    """Whether the names of the columns, pupil reference included, are those of this dataset alone.

    `PupilMatchingRefAnonymous_SPR12` is the name in a census, and in nothing else. Such a file has
    lost a column, however many unknown ones it has. If it were left out, nobody would be observed.
    """
    others = [other.meanings for other in fits if other is not fit]
    own = [
        meaning.column
        for meaning, *known_elsewhere in zip(fit.meanings, *others, strict=True)
        if meaning and not any(known_elsewhere)
    ]
    return len(own) >= FEWEST_OWN_NAMES and any(
        column in fit.dataset.required and fit.dataset.kinds.get(column) == "identifier"
        for column in own
    )
