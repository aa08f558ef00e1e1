"""One build of a warehouse at a time."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from social_care_warehouse.console import UserError
from social_care_warehouse.loading.database_file import no_folder_for

try:
    import fcntl

    def _try_lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

except ImportError:  # Windows
    import msvcrt

    def _try_lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)


# As long as the dbt of a build that was killed may take to notice and end.
PATIENCE_SECONDS = 2.0


@contextmanager
def only_build_of(database: Path) -> Iterator[int]:
    """Hold the right to build `database`; the operating system takes it back if we are killed.

    Gives the descriptor of the lock, for a child process to hold too: then the lock is free only
    when the child is gone as well. Raises UserError if another process holds it, or where the
    folder of `database` is not there or cannot be written to.
    """
    path = database.with_name(f".{database.name}.lock")
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            if not database.parent.is_dir():
                raise no_folder_for(database) from None
            raise UserError(
                f"Cannot write in {database.parent.absolute()}, where the warehouse is to be."
            ) from None
        try:
            _try_lock(descriptor)
        except OSError:
            os.close(descriptor)
            if time.monotonic() < deadline:
                time.sleep(0.1)
                continue
            raise UserError(
                f"Another build of {database} is running; wait for it to end, then try again."
            ) from None
        if _is_still(path, descriptor):
            break
        # The last holder removed the file between our opening and our locking it.
        os.close(descriptor)
    try:
        yield descriptor
    finally:
        if os.name != "nt":
            path.unlink(missing_ok=True)
        os.close(descriptor)
        if os.name == "nt":
            # A build that waits for this one may have it open, and then it cannot go.
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _is_still(path: Path, descriptor: int) -> bool:
    try:
        return path.stat().st_ino == os.fstat(descriptor).st_ino
    except FileNotFoundError:
        return False
