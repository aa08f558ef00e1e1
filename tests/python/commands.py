"""The commands of the project, run as a user runs them."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parents[2]


def csv_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def run_script(
    name: str, *arguments: object, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run scripts/<name>.py to its end; never raises for a bad exit code."""
    return subprocess.run(
        [sys.executable, str(PROJECT_DIR / "scripts" / f"{name}.py"), *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env=os.environ | {"COLUMNS": "200"} | (environment or {}),
    )


def run_dev(
    name: str, *arguments: object, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a tool of scripts/dev to its end; never raises for a bad exit code."""
    return subprocess.run(
        [sys.executable, "-m", f"dev.{name}", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env=os.environ
        | {"COLUMNS": "200", "PYTHONPATH": str(PROJECT_DIR / "scripts")}
        | (environment or {}),
    )


def run_dbt(database: Path, work_dir: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run dbt with the project's profile; its target and logs go to work_dir."""
    return subprocess.run(
        [
            sys.executable, "-m", "dbt.cli.main", *arguments,
            "--project-dir", str(PROJECT_DIR), "--profiles-dir", str(PROJECT_DIR / "profiles"),
            "--target-path", str(work_dir / "target"), "--log-path", str(work_dir / "logs"),
        ],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env=os.environ | {"WAREHOUSE_DB": str(database), "DO_NOT_TRACK": "1"},
    )  # fmt: skip
