"""Folders that only their owner can read and that are removed at the end."""

from __future__ import annotations

import os
import re
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from social_care_warehouse.console import UserError
from social_care_warehouse.files.paths import without_length_limit
from social_care_warehouse.interrupts import signals_held

PATIENCE_SECONDS = 5.0


@contextmanager
def work_folder(parent: Path, database_name: str) -> Iterator[Path]:
    """A folder that only its owner can read. It is removed at the end, even after an error.

    Folders that a killed load left behind are removed first. Raises UserError if the folder cannot
    be made.
    """
    _remove_left_over_folders(parent, database_name)
    folder = parent / f".{database_name}.loading-{os.getpid()}"
    with removed_at_the_end(folder):
        try:
            folder.mkdir(mode=0o700)
        except OSError:
            raise UserError(
                f"Cannot write in {parent}. Choose a folder that you can write to."
            ) from None
        yield folder


@contextmanager
def removed_at_the_end(*folders: Path) -> Iterator[None]:
    """Remove these folders before and after the block, even if a signal arrives.

    Raises UserError when one that was there cannot be removed.
    """
    try:
        for folder in folders:
            remove_folder(folder)
    except OSError:
        raise UserError(
            f"{folder} was left by a stopped command and cannot be removed. Delete it yourself."
        ) from None
    try:
        yield
    finally:
        with signals_held():
            for folder in folders:
                with suppress(OSError):
                    remove_folder(folder)


def remove_folder(folder: Path) -> None:
    """Remove a folder if it is there. Raises OSError when it still is after some seconds.

    On Windows a file cannot be removed while the dbt of a killed build still has it open. The paths
    that dbt writes there can be longer than 260 characters.
    """
    folder = without_length_limit(folder)
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


@contextmanager
def files_for_owner_only() -> Iterator[None]:
    """Make every file that is created in this block readable and writable by its owner alone."""
    previous = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(previous)


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
