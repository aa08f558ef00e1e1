"""Our warehouse without its tests: warehouse.py EXTRACTS TARGET; answers where it is run.

TARGET is where dbt keeps what it read of the project from one run to the next. Says in steps.json
how long each step took.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from answer import write_answer

PROJECT = Path(__file__).resolve().parents[4]


def run(*command: str) -> float:
    """Run a command of ours to its end; how many seconds it took."""
    started = time.monotonic()
    subprocess.run(
        [sys.executable, *command],
        check=True,
        env=os.environ | {"WAREHOUSE_DB": str(Path("warehouse.duckdb").absolute())},
    )
    return time.monotonic() - started


if __name__ == "__main__":
    extracts, target = sys.argv[1:]
    load = run(str(PROJECT / "scripts" / "load.py"), extracts, "--database", "warehouse.duckdb")
    dbt_started_at = datetime.now(UTC)
    dbt = run(
        "-m", "dbt.cli.main", "--quiet", "build", "--exclude-resource-type", "test",
        "--exclude-resource-type", "unit_test", "--project-dir", str(PROJECT),
        "--profiles-dir", str(PROJECT / "profiles"), "--target-path", target,
        "--log-path", str(Path("logs").absolute()),
    )  # fmt: skip
    write_answer(Path("warehouse.duckdb"))
    steps = {"load": load, "dbt": dbt, "dbt_started_at": dbt_started_at.isoformat()}
    Path("steps.json").write_text(json.dumps(steps), encoding="utf-8")
