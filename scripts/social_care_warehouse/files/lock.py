"""One writer of a file or folder at a time."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from social_care_warehouse.console import UserError
from social_care_warehouse.files.paths import no_folder_for, shown
from social_care_warehouse.interrupts import signals_held

if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _try_lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


# How long the dbt of a killed build may take to notice and end, also on a busy machine.
PATIENCE_SECONDS = 5.0


@contextmanager
def only_writer_of(path: Path) -> Iterator[int]:
    """Hold the right to write `path`; the operating system takes it back if we are killed.

    Gives the descriptor of the lock, for a child process to hold too: then the lock is free only
    when the child is gone as well. Raises UserError if another process holds it, or where the
    folder of `path` does not exist or cannot be written to.
    """
    lock = path.with_name(f".{path.name}.lock")
    deadline = time.monotonic() + PATIENCE_SECONDS
    descriptor: int | None = None
    try:
        while descriptor is None:
            with signals_held():
                descriptor = _locked(lock, path)
            if descriptor is None:
                if time.monotonic() >= deadline:
                    raise UserError(
                        f"Another build or load of {shown(path)} is running. Wait for it to end,"
                        " then try again."
                    )
                time.sleep(0.1)
        yield descriptor
    finally:
        if descriptor is not None:
            with signals_held():
                _release(lock, descriptor)


def _locked(lock: Path, path: Path) -> int | None:
    """The descriptor of the lock, if nobody else holds it."""
    try:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        if not path.parent.is_dir():
            raise no_folder_for(path) from None
        raise UserError(
            f"Cannot write in {path.parent}. Choose a folder that you can write to."
        ) from None
    try:
        _try_lock(descriptor)
    except OSError:
        os.close(descriptor)
        return None
    # Windows removes no open file. The number of a file there is not always the same on a network.
    if sys.platform == "win32" or _is_still(lock, descriptor):
        return descriptor
    # The last holder removed the file between our opening and our locking it.
    os.close(descriptor)
    return None


def _release(lock: Path, descriptor: int) -> None:
    if sys.platform != "win32":
        lock.unlink(missing_ok=True)
    os.close(descriptor)
    if sys.platform == "win32":
        # A build that waits for this one may have it open, and then it cannot be removed.
        with suppress(OSError):
            lock.unlink(missing_ok=True)


def _is_still(path: Path, descriptor: int) -> bool:
    try:
        return path.stat().st_ino == os.fstat(descriptor).st_ino
    except FileNotFoundError:
        return False
