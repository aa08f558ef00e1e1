"""Replaces the last warehouse with a finished one, in one step."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import duckdb

from social_care_warehouse.console import UserError, WorkError
from social_care_warehouse.engine import OFFLINE
from social_care_warehouse.files.paths import is_duckdb_file, shown

MOST_NEW_ONES = 9


def check_replaceable(database: Path) -> None:
    """Raise UserError unless the file at this path, if there is one, may be replaced.

    A log of changes next to the old warehouse (`<name>.wal`, left by a program that was stopped
    while it wrote) is written into it first: next to the new one it would be taken for its own.
    """
    if not database.exists():
        return
    if not is_duckdb_file(database):
        raise UserError(
            f"{database} is not a DuckDB database, so it is not replaced. Choose another file."
        )
    has_log = _log_of(database).exists()
    try:
        duckdb.connect(database, read_only=not has_log, config=OFFLINE).close()
    except duckdb.Error as error:
        if _is_about_a_lock(error):
            raise UserError(
                f"{shown(database)} is open in another program that writes to it. Close it there,"
                " then build again."
            ) from None
        # It, or its log, is damaged. Nobody can read it, and the build is about to replace it.


def swap_in(built: Path, database: Path) -> Path:
    """Replace the last warehouse with the finished one; gives its path.

    Readers that have the old file open keep reading it. Where it cannot be replaced (an open file
    on Windows; another program began to write to it), the new one is put next to it as
    <name>.new.duckdb, or, where that one is open as well, <name>.new2.duckdb and so on.
    """
    built.chmod(0o600)
    _write_through(built)
    if not _is_being_written(database):
        with suppress(PermissionError):
            return _replace(built, database)
    for number in ("", *range(2, MOST_NEW_ONES + 1)):
        with suppress(PermissionError):
            return _replace(
                built, database.with_name(f"{database.stem}.new{number}{database.suffix}")
            )
    raise WorkError(
        f"{shown(database)} and the new warehouses next to it are open in other programs. Close"
        " them, then build again."
    )


def _replace(built: Path, place: Path) -> Path:
    log = _log_of(place)
    if log.exists():
        # It could not be written into the warehouse that it belongs to, or that one is gone. Next
        # to the new one it would make that unreadable. We did not make it, so it is kept.
        log.replace(log.with_name(f"{log.name}.left-over"))
    try:
        built.replace(place)
    except PermissionError:
        raise
    except OSError as error:
        raise WorkError(
            f"{shown(place)} cannot be replaced: {error.strerror}. Choose another path."
        ) from None
    if os.name == "posix":
        with suppress(OSError):
            _write_through(place.parent)
    return place


def _write_through(path: Path) -> None:
    """Write a file or folder to the disk at once, so that a power cut does no harm."""
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() or os.name == "posix" else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_being_written(database: Path) -> bool:
    if not database.exists():
        return False
    try:
        duckdb.connect(database, read_only=True, config=OFFLINE).close()
    except duckdb.Error as error:
        return _is_about_a_lock(error)
    return False


def _is_about_a_lock(error: duckdb.Error) -> bool:
    """Whether another program has the file open, by the error that Windows gives."""
    return isinstance(error, duckdb.IOException) and any(
        words in str(error) for words in ("lock", "being used by another process")
    )


def _log_of(database: Path) -> Path:
    return database.with_name(f"{database.name}.wal")
