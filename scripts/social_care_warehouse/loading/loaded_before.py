"""Which datasets of a delivery a database was loaded with before, so that they need no reading.

The tables of a dataset are kept if its files are the same, byte for byte and under the same names,
and a load of today would read them in the same way.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb

from social_care_warehouse.loading.column_seeds import COLUMN_ALIASES, DATASET_LAYOUT, read_datasets
from social_care_warehouse.loading.progress import Report
from social_care_warehouse.loading.sql import statement
from social_care_warehouse.loading.survey import RecognisedFile, Verdict, survey

_PACKAGE = Path(__file__).parent

# Name, size and hash of the bytes of each file.
Files = frozenset[tuple[str, int, str]]


@dataclass(frozen=True)
class LoadedFiles:
    """What a database was loaded with."""

    files: Mapping[str, Files]  # by dataset
    unused: frozenset[tuple[str, str]]  # name and reason
    reading: frozenset[str]  # each way of reading that its files were read in
    whole: frozenset[str]  # datasets of which no row was added or removed since


@dataclass(frozen=True)
class Comparison:
    """A delivery next to what a database was loaded with."""

    kept: frozenset[str]  # the datasets whose tables stay as they are
    changed: frozenset[str]
    n_files_kept: int
    has_other_unused_files: bool

    @classmethod
    def all_kept(cls) -> Comparison:
        """Where no files are delivered: what is loaded is used again."""
        names = frozenset(dataset.name for dataset in read_datasets())
        return cls(names, frozenset(), 0, has_other_unused_files=False)

    @classmethod
    def none_kept(cls) -> Comparison:
        """Where everything has to be loaded."""
        names = frozenset(dataset.name for dataset in read_datasets())
        return cls(frozenset(), names, 0, has_other_unused_files=True)

    @property
    def is_same(self) -> bool:
        """Whether a load would change nothing."""
        return not self.changed and not self.has_other_unused_files


@cache
def way_of_reading(
    *, fill_missing_columns: bool, allow_rejected: bool, aliases: Path = COLUMN_ALIASES
) -> str:
    """A hash of all that the result of a load depends on, apart from the files."""
    digest = hashlib.sha256(
        f"{duckdb.__version__} {fill_missing_columns} {allow_rejected}".encode()
    )
    sources = sorted(path for path in _PACKAGE.rglob("*") if path.suffix in {".py", ".sql"})
    for path in (*sources, aliases, DATASET_LAYOUT):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def read_loaded_files(connection: duckdb.DuckDBPyConnection) -> LoadedFiles:
    """Read what the database of a connection was loaded with.

    Raises duckdb.Error for a database that no load, or an older version, has written.
    """
    files = defaultdict(set)
    reading = set()
    for dataset, read_as, *file in connection.execute(statement("loaded_files")).fetchall():
        files[dataset].add(tuple(file))
        reading.add(read_as)
    unused = connection.execute(statement("files_not_loaded")).fetchall()
    whole = connection.execute(statement("tables_as_loaded")).fetchall()
    return LoadedFiles(
        {dataset: frozenset(found) for dataset, found in files.items()},
        frozenset(unused),
        frozenset(reading),
        frozenset(table for (table,) in whole),
    )


def compare(
    extract_dir: Path,
    loaded: LoadedFiles,
    *,
    fill_missing_columns: bool,
    allow_rejected: bool,
    report: Report,
) -> Comparison:
    """Find the datasets whose files a database was loaded with. Raises UserError as a load does."""
    delivery = survey(extract_dir, read_datasets())
    reading = way_of_reading(
        fill_missing_columns=fill_missing_columns, allow_rejected=allow_rejected
    )
    names = [dataset.name for dataset in delivery.datasets]
    has_problem = any(entry.verdict is Verdict.REFUSED for entry in delivery.entries)
    if loaded.reading != {reading} or has_problem:
        return Comparison.none_kept()
    kept = {
        dataset.name: files
        for dataset in delivery.datasets
        if dataset.name in loaded.whole
        and _are_same(
            files := delivery.files_of(dataset), loaded.files.get(dataset.name, Files()), report
        )
    }
    return Comparison(
        kept=frozenset(kept),
        changed=frozenset(names) - kept.keys(),
        n_files_kept=sum(map(len, kept.values())),
        has_other_unused_files=loaded.unused
        != {(entry.name, entry.reason) for entry in delivery.unused},
    )


def _are_same(files: Sequence[RecognisedFile], loaded: Files, report: Report) -> bool:
    """Whether these are the files that were loaded. What differs in name or size is not read."""
    if {(file.name, file.state[0]) for file in files} != {(name, size) for name, size, _ in loaded}:
        return False
    return set(_with_hashes(files, report)) == loaded


def _with_hashes(files: Iterable[RecognisedFile], report: Report) -> Iterable[tuple[str, int, str]]:
    for file in files:
        report(f"Comparing {file.name} with the file loaded before")
        digest = ""
        # One that can no longer be read is not the same; the load says what is wrong with it.
        with suppress(OSError), file.header.path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        yield file.name, file.state[0], digest
