"""The commands of the project, run as a user runs them."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PROJECT_DIR = Path(__file__).resolve().parents[2]
WIDE = {"COLUMNS": "200"}
FROM_HERE = {"PYTHONPATH": str(PROJECT_DIR / "scripts")}


def csv_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def run(
    *command: object, environment: Mapping[str, str] | None = None, **options: Any
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; never raises for a bad exit code."""
    return subprocess.run(
        [*map(str, command)], capture_output=True, text=True, encoding="utf-8", check=False,
        env=os.environ | (environment or {}), **options,
    )  # fmt: skip


def run_script(
    name: str, *arguments: object, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run scripts/<name>.py."""
    script = PROJECT_DIR / "scripts" / f"{name}.py"
    return run(sys.executable, script, *arguments, environment=WIDE | (environment or {}))


def run_cli(
    *arguments: object, environment: Mapping[str, str] | None = None, **options: Any
) -> subprocess.CompletedProcess[str]:
    """Run the command social-care-warehouse."""
    ours = FROM_HERE | (environment or {})
    module = "social_care_warehouse"
    return run(sys.executable, "-m", module, *arguments, environment=ours, **options)


def run_dev(name: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a tool of scripts/dev."""
    return run(sys.executable, "-m", f"dev.{name}", *arguments, environment=WIDE | FROM_HERE)


# Without the files that dbt writes next to the database, which take it long.
QUIET = {"DBT_LOG_LEVEL_FILE": "none", "DBT_WRITE_JSON": "false"}


def run_dbt(
    database: Path, work_dir: Path, *arguments: object, environment: Mapping[str, str] = QUIET
) -> subprocess.CompletedProcess[str]:
    """Run dbt with the project's profile; its target and logs go to work_dir.

    Reading the project takes dbt longer than most runs, so what one run read serves the next ones.
    dbt uses it only if the profile names the same path. So the path is relative.
    """
    parsed = Path(os.environ.get("PARSED_BY_DBT", work_dir)) / f"{database.stem}.msgpack"
    done = run(
        sys.executable, "-m", "dbt.cli.main", *arguments,
        "--project-dir", PROJECT_DIR, "--profiles-dir", PROJECT_DIR / "profiles",
        "--target-path", work_dir / "target", "--log-path", work_dir / "logs",
        *(("--partial-parse-file-path", parsed) if parsed.exists() else ()),
        environment={"WAREHOUSE_DB": database.name, "DO_NOT_TRACK": "1", **environment},
        cwd=database.parent,
    )  # fmt: skip
    new = work_dir / "target" / "partial_parse.msgpack"
    if new.exists() and not parsed.exists():
        # The other process of pytest may be doing the same.
        copy = shutil.copy(new, parsed.with_suffix(f".{os.getpid()}"))
        Path(copy).replace(parsed)
    return done
