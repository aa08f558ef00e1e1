"""What goes before a size is timed, so that all times are those of a warm machine."""

from __future__ import annotations

import os
from pathlib import Path

from dev.benchmark.extracts import find_or_make
from dev.benchmark.race import Size, race
from social_care_warehouse.console import console

WARM_PUPILS = 1_000


def warm_up(size: Size, folder: Path) -> None:
    """Run every contender once on few pupils, untimed; then read the extracts from end to end.

    After it libraries and extracts are in the disk cache, dbt has read the project, and each
    contender is known to work and to agree. Raises DisagreementError.
    """
    console.print("[bold]Warming up[/bold]: every way once on few pupils, not timed")
    # In a folder of its own, for the user's extracts can be beside it.
    few = find_or_make(WARM_PUPILS, size.extracts.seed, [], folder / "warm-up")
    race(Size(few, size.contenders, repeats=1), folder)
    size.extracts.read_through()
    # What was written to make the extracts must not wait for the disk while others are timed.
    os.sync()
