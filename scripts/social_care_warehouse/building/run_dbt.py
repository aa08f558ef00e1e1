"""Runs `dbt build` on a loaded database and says how far it is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from social_care_warehouse.building.workshop import Workshop
from social_care_warehouse.console import PROJECT_DIR

DBT_PROCESS = Path(__file__).parent / "dbt_process"
# What dbt made of the project's files, so that the next build starts sooner. Nothing of the data.
PARSED_PROJECT = PROJECT_DIR / "target" / "build" / "partial_parse.msgpack"
RESULT_EVENTS = {"LogModelResult", "LogSeedResult", "LogTestResult"}
BAD_STATUSES = {"error", "fail", "runtime error"}
USER_DATA_TAG = "user_data"

# Why a run of dbt can fail that is nobody's mistake, by words of the engine's message. The message
# itself is never shown: it can quote a person's value.
KNOWN_REASONS = {
    "No space left on device": "The disk is full.",
    "Could not write": "The disk is full.",
    "Out of Memory": "There is not enough memory: raise WAREHOUSE_MEMORY or lower"
    " WAREHOUSE_THREADS.",
    "failed to allocate": "There is not enough memory: raise WAREHOUSE_MEMORY or lower"
    " WAREHOUSE_THREADS.",
    "max_temp_directory_size": "There is no room for what does not fit into memory: raise"
    " WAREHOUSE_MEMORY or point WAREHOUSE_TEMP_DIRECTORY to a larger disk.",
}


@dataclass(frozen=True)
class TestResult:
    """What a test came to. `failures` is a count; what failed is not kept."""

    name: str
    is_of_user_data: bool
    status: str  # pass, warn, fail, error or skipped
    failures: int | None


@dataclass
class DbtRun:
    """What a run came to: how many nodes passed, and the names of those that did not."""

    exit_code: int = 0
    n_done: int = 0
    failed: list[str] = field(default_factory=list)
    tests: list[TestResult] = field(default_factory=list)
    stopped_because: str = ""

    @property
    def is_good(self) -> bool:
        return self.exit_code == 0 and not self.failed and bool(self.tests)

    def count_tests(self, *, is_of_user_data: bool, status: str | None = None) -> int:
        """How many tests there were, of our own logic or of the user's data."""
        return sum(
            test.is_of_user_data == is_of_user_data and status in (None, test.status)
            for test in self.tests
        )


def dbt_build(
    place: Workshop,
    variables: dict[str, object],
    on_progress: Callable[[int, int, str], None],
    lock: int | None = None,
) -> DbtRun:
    """Seed, build and test every model; on_progress gets done, total and a name.

    The unit tests of the rules are left out: they need no data, and `make test` runs them. Messages
    of the engine are not passed on, because they can quote a person's value; what dbt writes stays
    in the workshop and goes with it. dbt holds `lock` as well and ends when this process does.
    """
    command = [
        sys.executable, str(DBT_PROCESS), "--log-format", "json", "--no-print",
        "--log-level-file", "none", "--log-path", str(place.log_folder), "build",
        "--project-dir", str(PROJECT_DIR), "--profiles-dir", str(PROJECT_DIR / "profiles"),
        "--target-path", str(place.target_folder),
        "--exclude-resource-type", "unit_test", "--vars", json.dumps(variables),
    ]  # fmt: skip
    if PARSED_PROJECT.exists():
        command += ["--partial-parse-file-path", str(PARSED_PROJECT)]
    environment = os.environ | {
        "WAREHOUSE_DB": str(place.database),
        "WAREHOUSE_TEMP_DIRECTORY": str(place.spill_folder),
        "DO_NOT_TRACK": "1",
    }
    run = DbtRun()
    with subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pass_fds=() if lock is None or os.name == "nt" else (lock,),
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as process:
        try:
            for line in process.stdout or ():
                _note(run, line, on_progress)
            process.wait()
        except BaseException:
            process.kill()
            raise
    run.exit_code = process.returncode
    _read_results(run, place.target_folder)
    _keep_parsed_project(place.target_folder)
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
    total = data.get("total") or data.get("num_models") or 0
    on_progress(run.n_done, int(total), name)


def _read_results(run: DbtRun, target_folder: Path) -> None:
    """Take the results of the tests, and a known reason of a failure, from what dbt wrote."""
    try:
        results = json.loads((target_folder / "run_results.json").read_text("utf-8"))["results"]
        nodes = json.loads((target_folder / "manifest.json").read_text("utf-8"))["nodes"]
    except (OSError, ValueError, KeyError):
        return
    for result in results:
        node = nodes.get(result["unique_id"], {})
        if node.get("resource_type") == "test":
            is_of_user_data = USER_DATA_TAG in node["tags"]
            run.tests.append(
                TestResult(node["name"], is_of_user_data, result["status"], result["failures"])
            )
        if result["status"] in BAD_STATUSES and not run.stopped_because:
            message = str(result.get("message"))
            run.stopped_because = next(
                (reason for words, reason in KNOWN_REASONS.items() if words in message), ""
            )


def _keep_parsed_project(target_folder: Path) -> None:
    with suppress(OSError):
        PARSED_PROJECT.parent.mkdir(parents=True, exist_ok=True)
        copy = PARSED_PROJECT.with_name(f"{PARSED_PROJECT.name}.{os.getpid()}")
        shutil.copyfile(target_folder / PARSED_PROJECT.name, copy)
        copy.replace(PARSED_PROJECT)
