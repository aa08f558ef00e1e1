"""Runs `dbt build` on a loaded database and says how far it is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from social_care_warehouse.console import PROJECT_DIR

RESULT_EVENTS = {"LogModelResult", "LogSeedResult", "LogTestResult"}
BAD_STATUSES = {"error", "fail", "runtime error"}


@dataclass
class DbtRun:
    """What a run came to: how many nodes passed, and the names of those that did not."""

    exit_code: int = 0
    n_done: int = 0
    n_tests_passed: int = 0
    failed: list[str] = field(default_factory=list)
    warned: list[str] = field(default_factory=list)
    stopped_because: str = ""

    @property
    def is_good(self) -> bool:
        return self.exit_code == 0 and not self.failed


def dbt_build(
    database: Path,
    variables: dict[str, object],
    on_progress: Callable[[int, int, str], None],
) -> DbtRun:
    """Seed, build and test every model in `database`; on_progress gets done, total and a name.

    The unit tests of the rules are left out: they need no data, and `make test` runs them. Messages
    of the engine are not passed on, because they can quote a person's value.
    """
    command = [
        sys.executable, "-m", "dbt.cli.main", "--log-format", "json", "--no-print",
        "--log-level-file", "none", "build",
        "--project-dir", str(PROJECT_DIR), "--profiles-dir", str(PROJECT_DIR / "profiles"),
        "--exclude-resource-type", "unit_test", "--vars", json.dumps(variables),
    ]  # fmt: skip
    environment = os.environ | {"WAREHOUSE_DB": str(database), "DO_NOT_TRACK": "1"}
    run = DbtRun()
    with subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as process:
        try:
            for line in process.stdout or ():
                _note(run, line, on_progress)
        except BaseException:
            process.kill()
            raise
    run.exit_code = process.returncode
    return run


def _note(run: DbtRun, line: str, on_progress: Callable[[int, int, str], None]) -> None:
    try:
        event = json.loads(line)
        kind, data = event["info"]["name"], event["data"]
    except (ValueError, KeyError, TypeError):
        return
    if kind == "MainEncounteredError" and run.n_done == 0:
        # Before the first query ran, dbt can only speak of the project, not of the data.
        run.stopped_because = " ".join(str(data.get("exc", "")).split())[:300]
    if kind not in RESULT_EVENTS:
        return
    name, status = data["node_info"]["node_name"], str(data.get("status", "")).lower()
    run.n_done += 1
    if status in BAD_STATUSES:
        run.failed.append(name)
    elif status == "warn":
        run.warned.append(name)
    elif kind == "LogTestResult":
        run.n_tests_passed += 1
    total = data.get("total") or data.get("num_models") or 0
    on_progress(run.n_done, int(total), name)
