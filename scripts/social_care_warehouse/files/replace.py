"""Replaces a folder completely or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from social_care_warehouse.console import UserError, WorkError
from social_care_warehouse.files.lock import only_writer_of
from social_care_warehouse.files.work_folder import removed_at_the_end
from social_care_warehouse.interrupts import last_step, signals_held


def check_target(target: Path, mark: str, known: set[str]) -> None:
    """Refuse a target that is a file, cannot be written to, or holds files of others."""
    existing = next(folder for folder in (target, *target.parents) if folder.exists())
    if not existing.is_dir():
        raise UserError(f"{existing} is a file, so no folder can be made there. Choose another.")
    if existing == target:
        found = {path.name for path in target.iterdir()}
        if found and (mark not in found or not found <= known):
            raise UserError(
                f"{target} holds other files. Choose an empty folder, or one made by this command."
            )
        existing = target.parent
    if not os.access(existing, os.W_OK | os.X_OK):
        raise UserError(f"Cannot write in {existing}. Choose a folder that you can write to.")


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Give a work folder next to the target; its folder `new` takes the target's place at the end.

    On any failure, and on an interrupt, the work folder is removed and the target is unchanged.
    What a killed run left, the next run for the same target removes; two cannot run at once.
    """
    try:
        with (
            folder_for(target.parent),
            only_writer_of(target),
            _work_folder_of(target) as folder,
        ):
            yield folder
            with last_step():
                _move_in(folder / "new", target, folder / "old")
    except BaseException as error:
        if isinstance(error, (OSError, duckdb.IOException, duckdb.OutOfMemoryException)):
            reason = getattr(error, "strerror", None) or str(error).splitlines()[0]
            raise WorkError(
                f"Could not make {target}: {reason.rstrip('.')}. {_advice(error)}"
            ) from error
        raise


def _advice(error: Exception) -> str:
    """What to do. Windows does not move a folder while one of its files is open."""
    if isinstance(error, PermissionError) and sys.platform == "win32":
        return "Close its files in other programs, then try again."
    return "Check that the disk has room, then try again."


@contextmanager
def _work_folder_of(target: Path) -> Iterator[Path]:
    """A hidden folder, whose name says that what is in it is not finished."""
    folder = target.with_name(f".{target.name}.unfinished")
    old = folder / "old"
    if old.exists() and not target.exists():
        # Killed between the two renames of _move_in.
        old.rename(target)
    with removed_at_the_end(folder):
        folder.mkdir(mode=0o700)
        yield folder


def _move_in(fresh: Path, target: Path, old: Path) -> None:
    try:
        if target.exists():
            target.rename(old)
        fresh.rename(target)
    except BaseException:
        if old.exists() and not target.exists():
            old.rename(target)
        raise


@contextmanager
def folder_for(folder: Path) -> Iterator[None]:
    """Make a folder and those above it; on a failure the new ones are removed if they are empty."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(f"Cannot make the folder {folder}: {error.strerror}.") from error
        yield
    except BaseException:
        with signals_held():
            for path in missing:
                if path.is_dir() and not any(path.iterdir()):
                    path.rmdir()
        raise
