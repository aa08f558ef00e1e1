"""Step 3: every byte of every file once. Its hash, its lines, and whether it came twice."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from social_care_warehouse.console import UserError
from social_care_warehouse.loading.progress import Progress, Report
from social_care_warehouse.loading.survey import Delivery, Entry, RecognisedFile, Verdict
from social_care_warehouse.loading.text import NoRows, scan


def scan_files(delivery: Delivery, say: Report) -> Delivery:
    """Scan the files to load. One that has the same text as another, or cannot be read, is not."""
    with scanned_ahead(delivery, say) as entries:
        return replace(delivery, entries=tuple(entries))


@contextmanager
def scanned_ahead(delivery: Delivery, say: Report) -> Iterator[Iterable[Entry]]:
    """The entries in their order, each scanned. While one is used, a thread scans the next.

    A scan keeps one core busy, and DuckDB often leaves one free while it inserts a file.
    """
    scanner = _Scanner(delivery, say)
    with ThreadPoolExecutor(max_workers=1) as pool:
        futures = [pool.submit(scanner.scanned, entry) for entry in delivery.entries]
        try:
            yield map(Future.result, futures)
        finally:
            scanner.is_stopped.set()
            pool.shutdown(cancel_futures=True)


def no_rows_of(file: RecognisedFile, delivery: Delivery) -> NoRows:
    """What recognises the lines of a file that hold no row."""
    return NoRows(file.header, file.fit, delivery.datasets)


@dataclass(frozen=True)
class _Scanner:
    """Scans one file after another, and knows the hashes of the texts before."""

    delivery: Delivery
    say: Report
    is_stopped: threading.Event = field(default_factory=threading.Event)
    _first_with: dict[str, str] = field(default_factory=dict)

    def scanned(self, entry: Entry) -> Entry:
        """The entry of a file to load with what its text shows; any other as it is."""
        file = entry.file
        if file is None or entry.verdict is not Verdict.LOADED:
            return entry
        n_bytes = file.state[0]
        what = f"Counting the lines of {file.name}"
        self.say(f"{what} ({n_bytes / 1e6:,.1f} MB)")
        progress = Progress(self.say, what, n_bytes, self.is_stopped)
        try:
            found = scan(file.header, no_rows_of(file, self.delivery), progress)
        except UserError as problem:
            return replace(entry, verdict=Verdict.REFUSED, reason=str(problem))
        first = self._first_with.setdefault(found.content_sha256, file.name)
        if first != file.name:
            # Its rows would count twice.
            return replace(entry, verdict=Verdict.UNUSED, reason=f"the same content as {first}")
        return replace(entry, file=replace(file, scan=found))
