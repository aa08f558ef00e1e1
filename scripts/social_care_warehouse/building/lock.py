"""One build of a warehouse at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from social_care_warehouse.console import UserError

try:
    import fcntl

    def _try_lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

except ImportError:  # Windows
    import msvcrt

    def _try_lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)


@contextmanager
def only_build_of(database: Path) -> Iterator[None]:
    """Hold the right to build `database`; the operating system takes it back if we are killed.

    Raises UserError if another process holds it.
    """
    path = database.with_name(f".{database.name}.lock")
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _try_lock(descriptor)
        except OSError:
            os.close(descriptor)
            raise UserError(
                f"Another build of {database} is running; wait for it to end, then try again."
            ) from None
        if _is_still(path, descriptor):
            break
        # The last holder removed the file between our opening and our locking it.
        os.close(descriptor)
    try:
        yield
    finally:
        if os.name != "nt":
            path.unlink(missing_ok=True)
        os.close(descriptor)
        if os.name == "nt":
            path.unlink(missing_ok=True)


def _is_still(path: Path, descriptor: int) -> bool:
    try:
        return path.stat().st_ino == os.fstat(descriptor).st_ino
    except FileNotFoundError:
        return False
