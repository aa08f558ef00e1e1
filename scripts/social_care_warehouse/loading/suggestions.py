"""Header cells that are nearly a known column: most likely a typing error."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from social_care_warehouse.loading.columns import Dataset, matching_form
from social_care_warehouse.loading.fit import Fit, fit_of
from social_care_warehouse.loading.header import Header

# A name of ten letters with one missing, doubled or swapped has a likeness of 0.9 or more.
LEAST_LIKENESS = 0.8
# With fewer required columns under their right names, the likeness can be chance.
FEWEST_COLUMNS_OF_A_GUESS = 2


def near_misses(header: Header, fit: Fit) -> dict[str, str]:
    """Unknown columns, each with the column of the dataset that it is nearly.

    A column that the file already has is not a suggestion. Nor is an optional one where files may
    differ: each of them has many columns with nearly the same names.
    """
    return {
        _shown(header, position, suggestion): suggestion
        for position, (cell, column) in enumerate(
            zip(header.cells, fit.columns, strict=True), start=1
        )
        if column is None and (suggestion := _nearest(cell, fit.dataset, fit.known))
    }


def nearest_fit(header: Header, datasets: Sequence[Dataset]) -> Fit | None:
    """How the header fits the nearest dataset; None if none is near."""
    fits = [fit_of(header.cells, dataset) for dataset in datasets]
    n_alike, _, nearest = max(
        ((fit.n_required + len(near_misses(header, fit)), fit.rank, fit) for fit in fits),
        key=lambda alike: alike[:2],
    )
    return nearest if n_alike >= FEWEST_COLUMNS_OF_A_GUESS else None


def _shown(header: Header, position: int, suggestion: str) -> str:
    """The name in the header, or its position if more digits in it can be part of a value."""
    cell = header.cells[position - 1]
    n_digits, n_expected = (sum(map(str.isdigit, name)) for name in (cell, suggestion))
    return header.shown(position) if n_digits <= n_expected else f"column {position}"


def _nearest(cell: str, dataset: Dataset, found: frozenset[str]) -> str | None:
    expected = {column for group in dataset.required_groups for column in group} - found
    if not dataset.layout.files_may_differ:
        expected = set(dataset.columns) - found
    names = {form: name for form, name in dataset.canonical_names.items() if name in expected}
    form = matching_form(dataset.stem(cell)[0])
    nearest = get_close_matches(form, names, n=1, cutoff=LEAST_LIKENESS)
    return names[nearest[0]] if nearest else None
