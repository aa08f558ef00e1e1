"""Where a warehouse is built before it takes the place of the last good one."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from social_care_warehouse.console import UserError

PATIENCE_SECONDS = 5.0


@dataclass(frozen=True)
class Workshop:
    """A hidden folder, which only its owner can look into, and what a build has in it."""

    folder: Path
    database: Path  # the new warehouse, under its own name: DuckDB names the catalog for the file
    spill_folder: Path  # where DuckDB puts what does not fit into memory
    target_folder: Path  # where dbt writes its plans and results; they can quote a value
    log_folder: Path


@contextmanager
def workshop(database: Path) -> Iterator[Workshop]:
    """A place for the new warehouse beside the old one, so that the swap is a rename.

    What an earlier, killed build left there goes first, and whatever happens nothing of this one
    stays.
    """
    folder = database.with_name(f".{database.name}.building")
    spill_folder = _spill_folder(folder, database)
    try:
        _remove(spill_folder)
        _remove(folder)
        folder.mkdir(mode=0o700)
        spill_folder.mkdir(mode=0o700, parents=True)
    except OSError:
        with suppress(OSError):
            _remove(folder)
        raise UserError(
            f"Cannot write in {database.parent.absolute()}, where the warehouse is to be"
            f"{', or in WAREHOUSE_TEMP_DIRECTORY' if spill_folder.parent != folder else ''}."
        ) from None
    try:
        yield Workshop(
            folder=folder,
            database=folder / database.name,
            spill_folder=spill_folder,
            target_folder=folder / "target",
            log_folder=folder / "logs",
        )
    finally:
        for made in (spill_folder, folder):
            with suppress(OSError):
                _remove(made)


def _spill_folder(folder: Path, database: Path) -> Path:
    """Beside the warehouse, or in a folder of its own where the user wants spill files.

    It has the same name in every build of this warehouse, so that the next build finds what a
    killed one left.
    """
    wanted = os.environ.get("WAREHOUSE_TEMP_DIRECTORY")
    if not wanted:
        return folder / "spill"
    digest = hashlib.sha256(os.fsencode(database.absolute())).hexdigest()[:8]
    return Path(wanted).absolute() / f".{database.name}.{digest}.spill"


def _remove(folder: Path) -> None:
    """Remove a folder if it is there. Raises OSError when it still is after a while.

    On Windows a file cannot be removed while the dbt of a killed build still has it open.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            shutil.rmtree(folder)
        except FileNotFoundError:
            if not folder.exists():
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return
