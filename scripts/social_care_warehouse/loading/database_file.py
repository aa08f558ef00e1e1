"""Where the warehouse is: checking the place, working beside it, putting it there at the end."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb

from social_care_warehouse.console import UserError
from social_care_warehouse.loading.engine import OFFLINE
from social_care_warehouse.loading.sql import identifier, literal, statement


def check_database_place(database: Path) -> None:
    """Raise UserError unless a database can be made here, or is here and free to be written to."""
    try:
        str(database).encode()
    except UnicodeEncodeError:
        raise UserError("The path of the database is not UTF-8; give another one.") from None
    if database.is_dir():
        raise UserError(f"{database} is a folder; give the path of a database file.")
    if not database.parent.is_dir():
        raise no_folder_for(database)
    if not os.access(database.parent, os.W_OK):
        raise UserError(f"The folder {database.parent} cannot be written to.")
    if not database.exists():
        if Path(f"{database}.wal").exists():
            raise UserError(
                f"{database.name}.wal is left over from a database that is gone; move it away."
            )
        return
    try:
        with database.open("rb") as file:
            start = file.read(12)
    except OSError:
        raise UserError(f"{database} cannot be opened.") from None
    if start[8:] != b"DUCK":
        raise UserError(f"{database} is not a DuckDB database.")
    if not os.access(database, os.W_OK):
        raise UserError(f"{database} cannot be written to.")
    try:
        duckdb.connect(database, read_only=True, config=OFFLINE).close()
    except duckdb.Error:
        raise cannot_open(database) from None


def no_folder_for(database: Path) -> UserError:
    """The sentence for a database whose folder is not there."""
    folder = os.path.realpath(database.parent)
    return UserError(f"There is no folder {folder} to put the database into.")


def cannot_open(database: Path) -> UserError:
    """The sentence for a database that DuckDB does not open."""
    return UserError(
        f"{database} cannot be opened: another program is using it, "
        "or another version of DuckDB made it."
    )


@contextmanager
def work_folder(parent: Path, database_name: str) -> Iterator[Path]:
    """A folder that only its owner can look into, gone at the end however it ends.

    Folders that a killed load left behind are removed first. Raises UserError when it cannot be
    made.
    """
    _remove_left_over_folders(parent, database_name)
    folder = parent / f".{database_name}.loading-{os.getpid()}"
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
    except OSError:
        raise UserError(f"The folder {parent} cannot be written to.") from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def files_for_owner_only() -> Iterator[None]:
    """Make every file that is created meanwhile readable and writable by its owner alone."""
    previous = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(previous)


def put_in_place(new_database: Path, database: Path) -> None:
    """Move a finished database to where it is wanted.

    Raises UserError when something came to be there in the meantime, or it cannot be moved.
    """
    if database.exists():
        raise UserError(f"{database} was made by another program meanwhile; it is left as it is.")
    try:
        new_database.chmod(0o600)
        new_database.replace(database)
    except OSError:
        raise UserError(f"{database} cannot be written.") from None


def replace_raw(connection: duckdb.DuckDBPyConnection, new_database: Path, database: Path) -> None:
    """Replace the schema `raw` of a database that is there, all of it in one transaction.

    The rest of the database stays. Raises UserError, and leaves the database as it was, when it
    cannot be opened or written.
    """
    try:
        connection.execute(
            statement("open_database", name="new_warehouse", path=literal(new_database))
        )
        connection.execute(statement("open_database", name="warehouse", path=literal(database)))
    except duckdb.Error:
        raise cannot_open(database) from None
    try:
        connection.begin()
        connection.execute(statement("empty_raw"))
        for (table,) in connection.execute(statement("tables_of_new_raw")).fetchall():
            connection.execute(statement("copy_table", table=identifier(table)))
        connection.commit()
        connection.execute("detach warehouse")
    except duckdb.Error:
        raise UserError(
            f"{database} could not be written and is as it was: is there room on the disk?"
        ) from None


def _remove_left_over_folders(parent: Path, database_name: str) -> None:
    pattern = re.compile(re.escape(f".{database_name}.loading-") + r"(\d+)(-old)?")
    with suppress(OSError):
        for path in list(parent.iterdir()):
            match = pattern.fullmatch(path.name)
            if match and (match[2] or not _is_running(int(match[1]), path)):
                shutil.rmtree(path, ignore_errors=True)


def _is_running(process_id: int, folder: Path) -> bool:
    if sys.platform == "win32":
        # There, os.kill would end the process; but a folder with files in use cannot be renamed.
        try:
            folder.rename(folder.with_name(f"{folder.name}-old"))
        except OSError:
            return True
        shutil.rmtree(folder.with_name(f"{folder.name}-old"), ignore_errors=True)
        return False
    try:
        os.kill(process_id, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
