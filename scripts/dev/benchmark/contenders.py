"""Who takes part: our warehouse, and the other ways to the same answer."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

WAYS = Path(__file__).parent / "ways"
FLOOR = "floor"
LIMITED = "warehouse-limited"


@dataclass(frozen=True)
class Contender:
    """One way to the answer: a program of its own, which is run in an empty folder."""

    name: str
    label: str
    program: Path
    environment: dict[str, str] = field(default_factory=dict)
    keeps_target: bool = False  # whether it is told where dbt may keep what it read

    def command(self, extracts: Path, target: Path) -> list[str]:
        runner = "Rscript" if self.program.suffix == ".R" else sys.executable
        kept = [str(target)] if self.keeps_target else []
        return [runner, str(self.program), str(extracts), *kept]


CONTENDERS = (
    Contender(FLOOR, "DuckDB by hand (the floor)", WAYS / "floor.py"),
    Contender("polars", "Polars", WAYS / "polars_lazy.py"),
    Contender("pandas", "pandas", WAYS / "pandas_frames.py"),
    Contender("dplyr", "R, dplyr", WAYS / "dplyr.R"),
    Contender("warehouse", "this warehouse, no tests", WAYS / "warehouse.py", keeps_target=True),
    Contender("warehouse-tested", "this warehouse, tested", WAYS / "warehouse_tested.py"),
)


def limited(memory: str) -> Contender:
    """Our warehouse without its tests, with so much memory for DuckDB; the rest goes to disk."""
    return Contender(
        LIMITED, f"the same, no tests, WAREHOUSE_MEMORY={memory}", WAYS / "warehouse.py",
        {"WAREHOUSE_MEMORY": memory}, keeps_target=True,
    )  # fmt: skip


def why_not(contender: Contender) -> str | None:
    """Why a contender cannot run on this machine, if so."""
    if contender.program.suffix != ".R":
        return None
    if not shutil.which("Rscript"):
        return "Rscript is not on the path"
    return None if r_versions() else "R has no packages dplyr and readr"


def r_versions() -> dict[str, str]:
    """The versions of R and its packages, empty where they cannot be had."""
    if not shutil.which("Rscript"):
        return {}
    packages = ("dplyr", "readr")
    code = (
        "cat(as.character(getRversion()), "
        + ", ".join(f"as.character(packageVersion('{package}'))" for package in packages)
        + ")"
    )
    done = subprocess.run(["Rscript", "-e", code], capture_output=True, text=True, check=False)
    if done.returncode:
        return {}
    return dict(zip(("R", *packages), done.stdout.split(), strict=True))
