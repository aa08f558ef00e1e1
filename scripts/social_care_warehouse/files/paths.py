"""Which paths a database can have, and how a path is shown."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from contextlib import suppress
from pathlib import Path

import duckdb

from social_care_warehouse.console import UserError
from social_care_warehouse.engine import OFFLINE, check_is_utf_8

DUCKDB_MARK = b"DUCK"

# DuckDB calls the database in x.duckdb x. The name of one of its schemas would then be ambiguous in
# every query, and its own names are taken.
SCHEMAS = ("raw", "staging", "intermediate", "marts", "quality", "lookups", "meta", "models")
ENGINE_NAMES = ("system", "temp", "main", "memory", "pg_catalog", "information_schema")
# Others mean something to SQL, to a shell or to one of the programs that will open the file.
NAME_CHARACTERS = "_-.,+=@~()& "
# DuckDB reads a question mark as the start of options, and a backslash as a slash.
NOT_IN_FOLDERS = "?" if os.name == "nt" else "?\\"
# Files next to the database have slightly longer names.
LONGEST_NAME_BYTES = 200


def real_path(database: Path) -> Path:
    """Where a database is or will be, with every link followed."""
    return Path(os.path.realpath(database))


def without_length_limit(path: Path) -> Path:
    """The path in the form for which Windows has no limit of 260 characters; elsewhere the same."""
    return Path(extended(str(path.absolute()))) if os.name == "nt" else path


def extended(absolute: str) -> str:
    """An absolute path of Windows in its long form: of a drive, or of a shared folder."""
    if absolute.startswith("\\\\?\\"):
        return absolute
    is_shared = absolute.startswith("\\\\")
    return f"\\\\?\\UNC\\{absolute[2:]}" if is_shared else f"\\\\?\\{absolute}"


def shown(path: Path) -> str:
    """A path as people write it: short where it is in the current folder.

    On Windows, the current folder can be on a drive that is a link to a shared folder.
    """
    for follow in (os.path.abspath, os.path.realpath):
        with suppress(ValueError, OSError):
            return str(path.relative_to(follow(Path.cwd())))
    return str(path)


def typed(program: str) -> str:
    """How to type a program of this environment in a shell: its name, or its path if needed."""
    installed = Path(sys.executable).with_name(program)
    if shutil.which(program) or not shutil.which(str(installed)):
        return program
    return shown(installed)


def check_database_path(database: Path) -> None:
    """Raise UserError unless a warehouse can be at this path. The path is a real one.

    What is there already is for check_replaceable or check_loadable.
    """
    _check_name(database)
    if database.is_symlink():
        raise UserError(
            f"{database} is a link that does not lead to a file. Delete the link, or choose"
            " another path."
        )
    if database.is_dir():
        raise UserError(f"{database} is a folder. Give the path of a database file.")
    if not database.parent.is_dir():
        raise no_folder_for(database)
    if database.exists() and not stat.S_ISREG(database.stat().st_mode):
        raise UserError(f"{database} is a device or pipe, not a file. Choose another path.")
    if set(NOT_IN_FOLDERS) & set(str(database.parent)):
        raise UserError(
            f"DuckDB cannot use the folder {database.parent}, because of the ? or \\ in its name."
            " Choose another folder."
        )
    if _is_mount_point(database):
        raise UserError(
            f"{database} is mounted as a single file, so it cannot be replaced. Mount its folder"
            " instead, or choose another path."
        )
    if not os.access(database.parent, os.W_OK | os.X_OK):
        raise UserError(
            f"Cannot write in {database.parent}. Choose a folder that you can write to."
        )


def check_loadable(database: Path) -> None:
    """Raise UserError unless tables can be written into this database, or it can be made."""
    if not database.exists():
        if Path(f"{database}.wal").exists():
            raise UserError(
                f"{database.name}.wal belongs to a database that no longer exists. Move it to"
                " another folder."
            )
        return
    if not is_duckdb_file(database):
        raise UserError(f"{database} is not a DuckDB database. Choose another file.")
    if not os.access(database, os.R_OK | os.W_OK):
        raise UserError(
            f"You cannot read and write {database}. Change its permissions, or choose another file."
        )
    try:
        duckdb.connect(database, read_only=True, config=OFFLINE).close()
    except duckdb.Error:
        raise cannot_open(database) from None


def is_duckdb_file(path: Path) -> bool:
    """Whether a file begins like a DuckDB database; True where it cannot be read to see."""
    try:
        with path.open("rb") as file:
            start = file.read(12)
    except OSError:
        return True
    return start[8:] == DUCKDB_MARK


def no_folder_for(path: Path) -> UserError:
    """The error for a file whose folder does not exist."""
    folder = os.path.realpath(path.parent)
    return UserError(f"There is no folder {folder}. Make it first, or choose another path.")


def cannot_open(database: Path) -> UserError:
    """The error for a database that DuckDB does not open."""
    return UserError(
        f"{database} cannot be opened. Close it in other programs; if that does not help, another"
        " version of DuckDB made it."
    )


def _check_name(database: Path) -> None:
    name = database.name
    check_is_utf_8(database)
    if not name or not all(
        character.isalnum() or character in NAME_CHARACTERS for character in name
    ):
        raise UserError(
            "A warehouse cannot have this file name. Use letters, digits, spaces and"
            f" {' '.join(NAME_CHARACTERS.strip())} only, for example warehouse.duckdb."
        )
    if name.startswith(("-", " ", ".")) or name.endswith((" ", ".")):
        raise UserError(
            "The name of a warehouse must not begin or end with a space or dot, or begin with a"
            " hyphen. Choose a name such as warehouse.duckdb."
        )
    if len(os.fsencode(name)) > LONGEST_NAME_BYTES:
        raise UserError(
            f"The name of the warehouse is longer than {LONGEST_NAME_BYTES} bytes. Choose a shorter"
            " one."
        )
    if name.lower().endswith(".wal"):
        raise UserError(
            "Only DuckDB's own files may have a name that ends in .wal. Choose a name such as"
            " warehouse.duckdb."
        )
    stem = name.split(".")[0].strip().lower()
    if stem in SCHEMAS or stem in ENGINE_NAMES:
        raise UserError(
            f"A warehouse cannot be called {name}, because {stem} is the name of"
            f" {'one of its schemas' if stem in SCHEMAS else 'a database inside DuckDB'}. Choose"
            " another name, for example warehouse.duckdb."
        )


def _is_mount_point(path: Path) -> bool:
    """Whether something is mounted exactly here; a mount of one file is in this list only."""
    try:
        lines = Path("/proc/self/mountinfo").read_bytes().splitlines()
    except OSError:
        # Path.is_mount does not exist on Windows before Python 3.12.
        return os.path.ismount(path)
    # The fifth field is the place, with blanks and backslashes as octal numbers.
    wanted = os.fsencode(path)
    return any(_without_octal(line.split(b" ")[4]) == wanted for line in lines)


def _without_octal(field: bytes) -> bytes:
    for octal, character in ((b"040", b" "), (b"011", b"\t"), (b"012", b"\n"), (b"134", b"\\")):
        field = field.replace(b"\\" + octal, character)
    return field
