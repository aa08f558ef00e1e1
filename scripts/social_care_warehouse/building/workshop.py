"""Where a warehouse is built before it takes the place of the last good one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from social_care_warehouse.console import UserError


@contextmanager
def workshop(database: Path) -> Iterator[Path]:
    """A path for the new warehouse, in a hidden folder beside the old one.

    Beside it, so that the swap is a rename within one file system; under its own name, because
    DuckDB names the catalog for the file. What an earlier, killed build left there goes first, and
    whatever happens nothing of this one stays.
    """
    folder = database.with_name(f".{database.name}.building")
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
    except OSError:
        raise UserError(
            f"Cannot write in {database.parent.resolve()}, where the warehouse is to be."
        ) from None
    try:
        yield folder / database.name
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def swap_in(built: Path, database: Path) -> Path:
    """Put the finished warehouse in the place of the last one, in one step; gives its path.

    Readers that have the old file open keep reading it. Where an open file cannot be replaced
    (Windows), the new one stays beside it as <name>.new.duckdb.
    """
    built.chmod(0o600)
    try:
        built.replace(database)
    except PermissionError:
        beside = database.with_name(f"{database.stem}.new{database.suffix}")
        built.replace(beside)
        return beside
    return database
