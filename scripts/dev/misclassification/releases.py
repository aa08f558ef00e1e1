"""The same lives as both releases of the extracts, each built into its own warehouse."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from dev.building import build_warehouse
from dev.compare_marts import count_differences
from social_care_warehouse.console import UserError, console
from social_care_warehouse.synthesis.delivery import TRUTH_DIR, TRUTH_FILES
from social_care_warehouse.synthesis.generate import RELEASES, Order, generate

# These columns depend on the rows that a release shows. All others describe the life itself.
OF_THE_RELEASE = {
    "person": "visible_highest_intervention, visible_care_days, is_highest_observable,"
    " are_care_days_observable"
}


@dataclass(frozen=True)
class Release:
    """One release of the lives: its extracts, its truth and its warehouse."""

    name: str
    folder: Path

    @property
    def extracts(self) -> Path:
        return self.folder / "extracts"

    @property
    def truth(self) -> Path:
        return self.extracts / TRUTH_DIR

    @property
    def database(self) -> Path:
        return self.folder / "warehouse.duckdb"


def make_releases(folder: Path, pupils: int, seed: int) -> tuple[Release, ...]:
    """Make the extracts of both releases, and check that they show the same lives."""
    releases = tuple(Release(name, folder / name) for name in RELEASES)
    for release in releases:
        console.print(f"[bold]Making extracts[/bold] of {pupils:,} pupils: {release.name}")
        generate(Order(release.extracts, pupils, seed, release=release.name, clean=True))
    _check_same_lives(*releases)
    return releases


def build(release: Release) -> None:
    """Build the warehouse of a release."""
    console.print(f"[bold]Building[/bold] {release.name}")
    build_warehouse(release.extracts, release.database)


def _check_same_lives(one: Release, other: Release) -> None:
    for name in TRUTH_FILES:
        left_out = OF_THE_RELEASE.get(name)
        columns = f"* exclude ({left_out})" if left_out else "*"
        first, second = (
            f"select {columns} from '{release.truth / name}.parquet'" for release in (one, other)
        )
        if any(count_differences(duckdb.connect(), first, second)[2:]):
            raise UserError(f"{name}.parquet differs between the releases: not the same lives.")
