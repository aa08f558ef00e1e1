"""Step 3: every byte of every file once. Its hash, its lines, and whether it came twice."""

from __future__ import annotations

from dataclasses import replace

from social_care_warehouse.console import UserError
from social_care_warehouse.loading.progress import Progress, Report
from social_care_warehouse.loading.survey import Delivery, Entry, RecognisedFile, Verdict
from social_care_warehouse.loading.text import NoRows, scan


def scan_files(delivery: Delivery, say: Report) -> Delivery:
    """Scan the files to load. One that has the same text as another, or cannot be read, is not."""
    first_with: dict[str, str] = {}
    entries = [
        _scanned(entry, entry.file, delivery, first_with, say)
        if entry.file and entry.verdict is Verdict.LOADED
        else entry
        for entry in delivery.entries
    ]
    return replace(delivery, entries=tuple(entries))


def no_rows_of(file: RecognisedFile, delivery: Delivery) -> NoRows:
    """What recognises the lines of a file that hold no row."""
    return NoRows(file.header, file.fit, delivery.datasets)


def _scanned(
    entry: Entry,
    file: RecognisedFile,
    delivery: Delivery,
    first_with: dict[str, str],
    say: Report,
) -> Entry:
    n_bytes = file.state[0]
    say(f"Counting the lines of {file.name} ({n_bytes / 1e6:,.1f} MB)")
    try:
        progress = Progress(say, f"Counting the lines of {file.name}", n_bytes)
        found = scan(file.header, no_rows_of(file, delivery), progress)
    except UserError as problem:
        return replace(entry, verdict=Verdict.REFUSED, reason=str(problem))
    first = first_with.setdefault(found.content_sha256, file.name)
    if first != file.name:
        # Its rows would count twice.
        return replace(entry, verdict=Verdict.UNUSED, reason=f"the same content as {first}")
    return replace(entry, file=replace(file, scan=found))
