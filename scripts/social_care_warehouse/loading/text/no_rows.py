"""Lines below the header that hold no row: headers of files that were joined, and underlines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from string import ascii_lowercase

from social_care_warehouse.loading.columns import Dataset, Meaning, letters_of, matching_form
from social_care_warehouse.loading.fit import Fit
from social_care_warehouse.loading.header import Header
from social_care_warehouse.loading.names import LONGEST_NAME

HEADER_REPEATED = "header repeated"
UNDERLINE = "line of hyphens"
# The line is the header of another dataset, or has the columns in another order: every line below
# it would be read wrongly, so the file is refused.
OTHER_HEADER = "another header"

# Shorter names, such as LA, can be values.
FEWEST_LETTERS = 6

_LONG_CELL = re.compile(rb"[a-z]{%d,}" % FEWEST_LETTERS)
_DELIMITERS = (b",", b"\t", b";", b"|")
_UNDERLINE_BYTES = b'- \t\r\n,;|+"'
# The same as a pattern for a cell, in RE2.
UNDERLINE_PATTERN = f"[{_UNDERLINE_BYTES.decode()}]*"
_MAY_BE_UNDERLINE = re.compile(rb'\n[ \t,;|+"]*+-[- \t\r,;|+"]*+(?:\n|\Z)')
_CELL_ENDS = b"".join(_DELIMITERS) + b"\n"
_AS_COMMAS = bytes(range(256)).lower().translate(bytes.maketrans(_CELL_ENDS, b"," * 5))
_NO_LETTERS = bytes(
    code
    for code in range(256)
    if chr(code).lower() not in ascii_lowercase and code not in _CELL_ENDS
)


class NoRows:
    """Recognises the lines of one file that hold no row, in any case and order of columns."""

    def __init__(self, header: Header, fit: Fit, datasets: Sequence[Dataset]) -> None:
        forms = [matching_form(cell) for cell in header.cells]
        self._unknown = unknown = {
            form
            for position, (form, column) in enumerate(zip(forms, fit.columns, strict=True), start=1)
            # A cell that cannot be shown can be a value, which rows hold as well.
            if column is None and form and header.can_be_shown(position)
        }
        self._dataset = fit.dataset
        self._datasets = datasets
        self._own_columns, self._own_years = self._columns(forms)
        letters = frozenset().union(map(letters_of, unknown), *(d.letters for d in datasets))
        self._letters = frozenset(name.encode() for name in letters if len(name) >= FEWEST_LETTERS)

    @property
    def beginning(self) -> str:
        """A pattern for cells that begin like the name of a column, in RE2."""
        starts = sorted({name[:4].decode() for name in self._letters})
        return f"(?i)^[^a-z]*({'|'.join('[^a-z]*'.join(start) for start in starts)})"

    def may_be_in(self, lines: bytes) -> bool:
        """Whether there can be such a line among lines: a quick look that never misses one."""
        if b"-" in lines and _MAY_BE_UNDERLINE.search(b"\n" + lines):
            return True
        if not any(delimiter in lines for delimiter in _DELIMITERS):
            return False
        long_cells = _LONG_CELL.findall(lines.translate(_AS_COMMAS, _NO_LETTERS))
        return len(self._letters.intersection(long_cells)) > 1

    def reason(self, line: bytes, cells: Sequence[bytes]) -> str | None:
        """Why a line is not a row; None if it may be one. `cells` may be empty: not known."""
        if not self.may_be_in(line):
            return None
        if not line.strip(_UNDERLINE_BYTES):
            return UNDERLINE
        forms = [_form(cell) for cell in cells]
        if self._is_header(forms):
            return HEADER_REPEATED if self._repeats_own(forms) else OTHER_HEADER
        # A damaged header can have other quotes or another delimiter than the file.
        others = [[_form(cell) for cell in line.split(delimiter)] for delimiter in _DELIMITERS]
        is_other = any(map(self._is_header, others)) or any(map(self._ends_in_other, others))
        return OTHER_HEADER if is_other else None

    def _repeats_own(self, forms: Sequence[str]) -> bool:
        """Whether a header has the columns of the file's own, of no other year."""
        columns, years = self._columns(forms)
        return columns == self._own_columns and years <= self._own_years

    def _ends_in_other(self, forms: Sequence[str]) -> bool:
        """Whether another header than the file's own follows a row in the same line.

        Files are joined so if the last line of the first one does not end in a line break. The last
        value and the first name are then one cell.
        """
        n_columns = len(self._own_columns)
        names = forms[n_columns:]
        return (
            self._is_header(names)
            and self._columns(names)[0] != self._own_columns[1:]
            and self._ends_in_name(forms[n_columns - 1])
        )

    def _ends_in_name(self, form: str) -> bool:
        return any(
            form[start:] in self._unknown
            or any(dataset.meaning(form[start:]) for dataset in self._datasets)
            for start in range(max(0, len(form) - LONGEST_NAME), len(form))
        )

    def _columns(self, forms: Sequence[str]) -> tuple[list[str], set[int]]:
        meanings = [self._dataset.meaning(form) or Meaning(form) for form in forms]
        years = {meaning.year for meaning in meanings if meaning.year}
        return [meaning.column for meaning in meanings], years

    def _is_header(self, forms: Sequence[str]) -> bool:
        """Whether half of the cells are names of columns, and two are names that are not values."""
        for dataset in (self._dataset, *self._datasets):
            unknown = self._unknown if dataset is self._dataset else ()
            known = [
                (form, meaning.column if meaning else form)
                for form in forms
                if (meaning := dataset.meaning(form)) or form in unknown
            ]
            has_two = len({column for form, column in known if _is_long(form)}) > 1
            if 2 * len(known) >= len(forms) and has_two:
                return True
        return False


def _form(cell: bytes) -> str:
    return matching_form(cell.decode("utf-8", "replace"))


def _is_long(form: str) -> bool:
    return len(letters_of(form)) >= FEWEST_LETTERS
