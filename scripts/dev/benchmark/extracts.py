"""The synthetic extracts of each size: made, or found where they were made before."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from social_care_warehouse.console import UserError, console
from social_care_warehouse.synthesis.generate import README_NAME, RELEASES, Order, generate

DEFAULT_SEED = 1
BYTES_AT_ONCE = 1 << 24
ORDER = re.compile(
    r"--pupils (?P<pupils>\d+)"
    r" (?P<options>--seed (?P<seed>-?\d+) --release (?P<release>\S+)(?: --clean)?)"
)
ROWS = re.compile(r"^  (?P<name>\S+\.csv): (?P<rows>[\d,]+) rows$", re.MULTILINE)


@dataclass(frozen=True)
class Extracts:
    """A folder of extracts, and what its README says of it."""

    folder: Path
    pupils: int
    seed: int
    release: str
    options: str  # seed and release, as synthesise.py was asked for them
    rows: dict[str, int]

    @property
    def n_bytes(self) -> int:
        return sum((self.folder / name).stat().st_size for name in self.rows)

    def read_through(self) -> None:
        """Read every file from end to end, so that the next reader finds it in the disk cache."""
        for name in self.rows:
            with (self.folder / name).open("rb") as file:
                while file.read(BYTES_AT_ONCE):
                    pass


def read_extracts(folder: Path) -> Extracts:
    """What a folder made by scripts/synthesise.py holds."""
    try:
        text = (folder / README_NAME).read_text(encoding="utf-8")
    except OSError:
        raise UserError(f"{folder} holds no {README_NAME}: make it with synthesise.py.") from None
    order = ORDER.search(text)
    rows = {match["name"]: int(match["rows"].replace(",", "")) for match in ROWS.finditer(text)}
    if not order or not rows or not all((folder / name).exists() for name in rows):
        raise UserError(f"{folder} does not hold what its {README_NAME} says.")
    return Extracts(
        folder, int(order["pupils"]), int(order["seed"]), order["release"], order["options"], rows
    )


def check_given(extracts: Extracts, seed: int | None) -> None:
    """Refuse extracts that are not what the benchmark would make; any seed will do if None."""
    wanted = f"--seed {extracts.seed if seed is None else seed} --release {RELEASES[0]}"
    if extracts.options != wanted:
        raise UserError(
            f"{extracts.folder} was made with {extracts.options}, but {wanted} is asked for."
        )


def find_or_make(pupils: int, seed: int | None, made: list[Extracts], folder: Path) -> Extracts:
    """The extracts of this size among those given, else made anew in the folder."""
    for extracts in made:
        if extracts.pupils == pupils:
            return extracts
    out = folder / f"extracts-{pupils}"
    console.print(f"[bold]Making extracts[/bold] of {pupils:,} pupils")
    generate(Order(out, pupils, DEFAULT_SEED if seed is None else seed, release=RELEASES[0]))
    return read_extracts(out)
