"""Header cells that nearly are a column of ours: most likely a slip of the pen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from social_care_warehouse.loading.columns import Dataset, Fit, matching_form

# A name of ten letters with one left out, doubled or swapped is 0.9 like itself or more.
LEAST_LIKENESS = 0.8
# So few required columns by their right names can be chance.
FEWEST_COLUMNS_OF_A_GUESS = 2


def near_misses(header: Iterable[str], fit: Fit) -> dict[str, str]:
    """Cells that nothing uses, on one line, each with the column of the dataset that it nearly is.

    A column that the file has already is no suggestion.
    """
    return {
        " ".join(cell.split()): suggestion
        for cell, column in zip(header, fit.columns, strict=True)
        if column is None and (suggestion := _nearest(cell, fit.dataset, fit.known))
    }


def nearest_fit(header: Sequence[str], datasets: Sequence[Dataset]) -> Fit | None:
    """How the header fits the dataset that it comes nearest to; None where it is near none."""
    fits = [
        Fit(dataset, tuple(dataset.canonical_name(cell) for cell in header)) for dataset in datasets
    ]
    n_alike, _, nearest = max(
        ((fit.n_required + len(near_misses(header, fit)), fit.rank, fit) for fit in fits),
        key=lambda alike: alike[:2],
    )
    return nearest if n_alike >= FEWEST_COLUMNS_OF_A_GUESS else None


def _nearest(cell: str, dataset: Dataset, found: frozenset[str]) -> str | None:
    names = {form: name for form, name in dataset.canonical_names.items() if name not in found}
    nearest = get_close_matches(matching_form(cell), names, n=1, cutoff=LEAST_LIKENESS)
    return names[nearest[0]] if nearest else None
