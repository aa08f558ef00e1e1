"""What a benchmark found: every run as JSON, and the middle of each contender's repeats."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from statistics import median_low
from typing import Any

from dev.benchmark.contenders import FLOOR
from social_care_warehouse.console import UserError


@dataclass(frozen=True)
class Middle:
    """The medians of a contender's repeats on one size.

    Of an even number of repeats it is the lower of the two in the middle, so that each is a number
    that was measured.
    """

    contender: str
    label: str
    pupils: int
    repeats: int
    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int
    wall_to_floor: float | None


class Result:
    """The content of a benchmark's JSON."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.content = content
        self.pupils = [size["pupils"] for size in content["sizes"]]

    @classmethod
    def read(cls, path: Path) -> Result:
        try:
            return cls(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError):
            raise UserError(f"{path} is no result of scripts/benchmark.py.") from None

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(self.content, indent=1) + "\n", encoding="utf-8")

    def size(self, pupils: int) -> dict[str, Any]:
        return next(size for size in self.content["sizes"] if size["pupils"] == pupils)

    def middles(self, pupils: int) -> list[Middle]:
        """A line for each contender that ran on this size, in the order of the first repeat."""
        by_name = self._runs(pupils)
        walls = {name: _median(of, "wall_seconds") for name, of in by_name.items()}
        floor = walls.get(FLOOR)
        return [
            Middle(
                contender=name,
                label=of[0]["label"],
                pupils=pupils,
                repeats=len(of),
                wall_seconds=walls[name],
                cpu_seconds=_median(of, "cpu_seconds"),
                peak_bytes=_median(of, "peak_bytes"),
                wall_to_floor=walls[name] / floor if floor else None,
            )
            for name, of in by_name.items()
        ]

    def middle(self, pupils: int, contender: str) -> Middle | None:
        """One contender on one size, if it ran there."""
        return next((of for of in self.middles(pupils) if of.contender == contender), None)

    def steps(self, pupils: int) -> dict[str, float] | None:
        """Where the time of our build without tests went, in the repeat of median time."""
        runs = self._runs(pupils).get("warehouse")
        if not runs:
            return None
        wall = _median(runs, "wall_seconds")
        run = next(run for run in runs if run["wall_seconds"] == wall)
        return run["steps"] | {"all": wall}

    def _runs(self, pupils: int) -> dict[str, list[dict[str, Any]]]:
        by_name: dict[str, list[dict[str, Any]]] = {}
        for run in self.content["runs"]:
            if run["pupils"] == pupils:
                by_name.setdefault(run["contender"], []).append(run)
        return by_name


def _median(runs: list[dict[str, Any]], item: str) -> Any:
    return median_low(run[item] for run in runs)
