"""The ways to the answer, and one run of one of them: its cost and its answer."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from dev.compare_marts import count_differences
from social_care_warehouse.console import PROJECT_DIR, UserError
from social_care_warehouse.settings import DEFAULTS

HERE = Path(__file__).parent
FLOOR = "floor"


@dataclass(frozen=True)
class Way:
    """A program that reads a folder of extracts and writes its answer where it runs."""

    name: str
    label: str
    program: str
    options: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)

    def command(self, extracts: Path) -> list[str]:
        runner = "Rscript" if self.program.endswith(".R") else sys.executable
        return [runner, str(HERE / "ways" / self.program), str(extracts.absolute()), *self.options]


WAYS = (
    Way(FLOOR, "plain DuckDB", "floor.py"),
    Way("polars", "Polars", "polars_lazy.py"),
    Way("pandas", "pandas", "pandas_frames.py"),
    Way("dplyr", "R, dplyr", "dplyr.R"),
    Way("marts", "social care marts, no tests", "warehouse.py", ("--social-care",)),
    Way("marts-tested", "social care marts, tested", "warehouse.py", ("--social-care", "--tested")),
    Way("warehouse", "this warehouse, no tests", "warehouse.py"),
    Way("warehouse-tested", "this warehouse, tested", "warehouse.py", ("--tested",)),
)


def limited(memory: str) -> Way:
    """The tested warehouse with this much memory for DuckDB; the rest goes to disk."""
    label = f"this warehouse, tested, WAREHOUSE_MEMORY={memory}"
    settings = {"WAREHOUSE_MEMORY": memory}
    return Way("warehouse-limited", label, "warehouse.py", ("--tested",), settings)


def has_r() -> bool:
    """Whether R runs here with the packages that its way needs."""
    command = ["Rscript", "-e", "library(dplyr); library(readr)"]
    return (
        bool(shutil.which("Rscript"))
        and not subprocess.run(command, capture_output=True, check=False).returncode
    )


class DisagreementError(Exception):
    """Two ways give different answers. Its text has counts only, because answers hold persons."""


def run(way: Way, extracts: Path, folder: Path) -> tuple[dict[str, float], Path]:
    """Run a way in an empty folder: what it cost, and the file with its answer."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    # The user's settings would change the warehouse without a trace in the results.
    kept = {name: of for name, of in os.environ.items() if not name.startswith("WAREHOUSE_")}
    kept |= {"WAREHOUSE_MEMORY": DEFAULTS["WAREHOUSE_MEMORY"]}
    kept |= {"PYTHONPATH": str(PROJECT_DIR / "scripts")}
    cost = measure_work(way.label, way.command(extracts), folder, kept | way.environment)
    return cost, next(folder.glob("answer.*"))


def measure_work(
    label: str, command: list[str], folder: Path, environment: dict[str, str]
) -> dict[str, float]:
    """What a command cost with all cores. Raises UserError if it fails."""
    settings = {"WAREHOUSE_THREADS": str(os.cpu_count()), "DO_NOT_TRACK": "1"}
    cost = measure(command, folder, environment | settings)
    if cost.pop("exit_code"):
        raise UserError(f"{label} failed. {folder / 'output.txt'} has its messages.")
    return cost


def measure(command: list[str], folder: Path, environment: dict[str, str]) -> dict[str, float]:
    """Run a command in a folder, where output.txt receives its messages.

    A small process starts the command, because Linux counts the peak memory of a process from the
    peak of the process that started it.
    """
    measuring_process = [sys.executable, str(HERE / "measuring_process.py")]
    with subprocess.Popen(
        [*measuring_process, *command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            printed, _ = process.communicate()
        except BaseException:
            # It ends the command, too.
            process.send_signal(signal.SIGINT)
            raise
    cost: dict[str, float] = json.loads(printed)
    return cost


def check_same(answer: Path, label: str, first: Path, first_label: str) -> None:
    """Compare two answers row for row. Raises DisagreementError."""
    config: dict[str, str | bool | int | float | list[str]] = {
        "temp_directory": str(answer.parent / "spill"),
        "memory_limit": "4GB",
    }
    with duckdb.connect(config=config) as connection:
        _, _, *counts = count_differences(connection, _rows(answer), _rows(first))
    if any(counts):
        raise DisagreementError(
            f"{label} and {first_label} give different answers: {counts[0]:,} rows of the first are"
            f" not in the second, and {counts[1]:,} of the second are not in the first."
        )


def _rows(path: Path) -> str:
    reader = "read_parquet" if path.suffix == ".parquet" else "read_csv"
    options = "" if path.suffix == ".parquet" else ", header = true, all_varchar = true"
    columns = "cast(columns(['pupil_id', 'highest_intervention']) as varchar)"
    return f"select {columns} from {reader}('{path}'{options})"
