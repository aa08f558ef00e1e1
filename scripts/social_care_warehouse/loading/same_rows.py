"""Which files hold the same rows as another file of their dataset, in whatever form.

Rows that are delivered twice, such as in a Parquet file next to the text it was made from, would
count twice. Only files of one dataset with equally many rows are compared, so this is rarely work.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from social_care_warehouse.loading.examine import Findings
from social_care_warehouse.loading.plan import ColumnKey, column_keys
from social_care_warehouse.loading.progress import Progress, Report
from social_care_warehouse.loading.read import Reader, Reading, Rows
from social_care_warehouse.loading.scan import no_rows_of
from social_care_warehouse.loading.sql import statement
from social_care_warehouse.loading.survey import Delivery, RecognisedFile


def find_same_rows(
    reader: Reader, delivery: Delivery, readings: Mapping[str, Reading], say: Report
) -> dict[str, str]:
    """The name of each file with the rows of an earlier one, and the name of that one."""
    same = {}
    for candidates in _candidates(delivery, readings):
        earlier: dict[object, str] = {}
        for file in candidates:
            say(f"Comparing the rows of {file.name} with those of other files")
            first = earlier.setdefault(_rows_hash(reader, file, delivery, say), file.name)
            if first != file.name:
                same[file.name] = first
    return same


def _candidates(
    delivery: Delivery, readings: Mapping[str, Reading]
) -> Iterator[list[RecognisedFile]]:
    """Files of one dataset and year with equally many rows and the same columns."""
    alike: dict[object, list[RecognisedFile]] = defaultdict(list)
    for file in delivery.files:
        reading = readings.get(file.name)
        if reading and (n_rows := reading.lines - reading.rows_rejected):
            keys = frozenset(column_keys(file))
            alike[file.dataset.name, file.fit.year, n_rows, keys].append(file)
    return (files for files in alike.values() if len(files) > 1)


def _rows_hash(reader: Reader, file: RecognisedFile, delivery: Delivery, say: Report) -> object:
    """A hash of all rows of a file, whatever the order of its rows and columns."""
    cells: dict[ColumnKey, str] = {
        key: f"comparable(cell_{position})"
        for position, key in enumerate(column_keys(file), start=1)
    }
    in_order = ", ".join(cells[key] for key in sorted(cells, key=str))
    found: list[object] = []

    def use(rows: Rows) -> Findings:
        query = statement("rows_hash", source=rows.source, cells=in_order)
        n_rows, rows_hash = reader.connection.execute(query, rows.values).fetchone() or (0, None)
        rows.refuse_other_count(n_rows)
        found.append(rows_hash)
        return Findings(n_rows)

    progress = Progress(say, f"Reading {file.name} line by line", file.state[0])
    reader.read(file, no_rows_of(file, delivery), use, progress)
    return found[-1]
