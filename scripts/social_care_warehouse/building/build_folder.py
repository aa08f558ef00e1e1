"""The folder in which a warehouse is built before it takes the place of the last good one."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from social_care_warehouse.console import UserError
from social_care_warehouse.files.work_folder import removed_at_the_end

# DuckDB calls a database by the name of its file. While it is built it always has the same name, so
# no name that the user chooses can get in the way of the SQL.
DATABASE_NAME = "warehouse.duckdb"


@dataclass(frozen=True)
class BuildFolder:
    """A hidden folder that only its owner can read, and the paths that a build uses in it."""

    folder: Path
    database: Path  # the new warehouse
    spill_folder: Path  # where DuckDB puts what does not fit into memory
    target_folder: Path  # where dbt writes its plans and results; they can quote a value
    log_folder: Path


@contextmanager
def build_folder(database: Path) -> Iterator[BuildFolder]:
    """A folder for the new warehouse next to the old one, so that the swap is a rename.

    What an earlier, killed build left there is removed first, and at the end nothing stays. Raises
    UserError where it cannot be made.
    """
    folder = database.with_name(f".{database.name}.building")
    spill_folder = _spill_folder(folder, database)
    with removed_at_the_end(spill_folder, folder):
        try:
            folder.mkdir(mode=0o700)
            spill_folder.mkdir(mode=0o700, parents=True)
        except OSError:
            raise UserError(
                f"Cannot write in {database.parent}, where the warehouse is to be"
                f"{', or in WAREHOUSE_TEMP_DIRECTORY' if spill_folder.parent != folder else ''}."
                " Choose a folder that you can write to."
            ) from None
        yield BuildFolder(
            folder=folder,
            database=folder / DATABASE_NAME,
            spill_folder=spill_folder,
            target_folder=folder / "target",
            log_folder=folder / "logs",
        )


def _spill_folder(folder: Path, database: Path) -> Path:
    """The folder for spill files: next to the warehouse, or in the folder that the user set.

    It has the same name in every build of this warehouse, so that the next build finds what a
    killed one left.
    """
    wanted = os.environ.get("WAREHOUSE_TEMP_DIRECTORY")
    if not wanted:
        return folder / "spill"
    digest = hashlib.sha256(os.fsencode(database)).hexdigest()[:8]
    return Path(wanted).absolute() / f".{database.name}.{digest}.spill"
