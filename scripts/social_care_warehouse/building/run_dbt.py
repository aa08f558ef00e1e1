"""Runs `dbt build` on a loaded database, all of it or chosen nodes, and reports its progress."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from social_care_warehouse.building.build_folder import BuildFolder
from social_care_warehouse.building.dbt_process.kept_sql import NEW_FILE
from social_care_warehouse.building.reuse import Node, Project
from social_care_warehouse.console import WorkError, is_closed_pipe
from social_care_warehouse.project import PROJECT_DIR, cache_dir
from social_care_warehouse.settings import models_at_once

DBT_PROCESS = Path(__file__).parent / "dbt_process"
# What dbt made of the project's files, so that the next build starts sooner. Nothing of the data.
PARSED_PROJECT = cache_dir() / "partial_parse.msgpack"
# The SQL that dbt made of them, so that the next build needs no dbt.
KEPT_SQL = cache_dir() / "sql"
# Each definition and each set of variables has a file of its own.
MOST_FILES = 8


@dataclass(frozen=True)
class TestResult:
    """The result of a test. `failures` is a count; what failed is not kept."""

    name: str
    type: str  # data (about the user's data) or logic (about this project)
    status: str  # pass, warn, fail, error or skipped
    failures: int | None
    tested_at: datetime | None = None  # None: in this build


@dataclass
class DbtRun:
    """The result of a run: how many nodes ran, and the names of those that failed."""

    is_good: bool = False
    n_done: int = 0
    failed: list[str] = field(default_factory=list)
    tests: list[TestResult] = field(default_factory=list)
    stopped_because: str = "dbt was stopped from outside."  # until it says how it ended

    def count_tests(self, test_type: str, status: str | None = None) -> int:
        """How many tests of a type there were."""
        return sum(test.type == test_type and status in (None, test.status) for test in self.tests)


class WaitingDbt:
    """A dbt that reads the project and then waits for the signal to begin."""

    def __init__(self, place: BuildFolder, process: subprocess.Popen[str]) -> None:
        self._place = place
        self._process = process

    def project(self) -> Project:
        """What the project holds. Raises WorkError if dbt cannot read it."""
        assert self._process.stdout
        line = self._process.stdout.readline()
        answer = json.loads(line) if line.endswith("\n") else {}
        if "project" not in answer:
            why = answer.get("stopped_because", DbtRun.stopped_because)
            raise WorkError(f"The build failed at: before the first table. {why}".rstrip())
        _keep(self._place.target_folder / PARSED_PROJECT.name, PARSED_PROJECT)
        nodes = answer["project"]["nodes"].items()
        return Project(
            environment=answer["project"]["environment"],
            nodes={unique_id: Node(**node) for unique_id, node in nodes},
        )

    def build(
        self,
        on_progress: Callable[[int, int, str], None],
        chosen: Collection[str] | None = None,
    ) -> DbtRun:
        """Seed, build and test the chosen nodes (None: all); on_progress gets done, total, a name.

        The unit tests of the rules are left out: they need no data, and `make test` runs them.
        Messages of the engine are not passed on, because they can quote a person's value; what dbt
        writes stays in the build folder and is removed with it.
        """
        run = DbtRun()
        assert self._process.stdin
        assert self._process.stdout
        order = json.dumps(None if chosen is None else sorted(chosen)).encode() + b"\n"
        try:
            # Past the buffer: what stays in it would be written again when the pipe is closed.
            while order:
                order = order[os.write(self._process.stdin.fileno(), order) :]
        except OSError as error:
            # Where dbt has ended, what it wrote before says why.
            if not is_closed_pipe(error):
                raise
        for line in self._process.stdout:
            if line.endswith("\n"):
                _note(run, json.loads(line), on_progress)
        self._process.wait()
        has_tests = chosen is None or any(name.startswith("test.") for name in chosen)
        run.is_good &= not run.failed and bool(run.tests) == has_tests
        return run


@contextmanager
def waiting_dbt(
    place: BuildFolder,
    variables: Mapping[str, object],
    project_files: str,
    lock: int | None = None,
) -> Iterator[WaitingDbt]:
    """Start dbt, which takes a while to load and to read the project, while extracts are loaded.

    It holds `lock` as well, and ends when this process or this context does. `project_files` is the
    hash of all that its SQL depends on.
    """
    command = [
        sys.executable, str(DBT_PROCESS), str(PROJECT_DIR), json.dumps(variables),
        str(_kept_sql(project_files)), str(place.target_folder),
        "--log-level", "none", "--no-print", "--no-write-json", "--log-level-file", "none",
        "--log-path", str(place.log_folder), "--profiles-dir", str(PROJECT_DIR / "profiles"),
        "--threads", str(models_at_once()),
    ]  # fmt: skip
    if PARSED_PROJECT.exists():
        command += ["--partial-parse-file-path", str(PARSED_PROJECT)]
    # Each option of dbt has a variable, which would change what is built.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DBT_")}
    environment = kept | {
        "WAREHOUSE_DB": str(place.database),
        "WAREHOUSE_TEMP_DIRECTORY": str(place.spill_folder),
        "MODELS_AT_ONCE": str(models_at_once()),
        "DO_NOT_TRACK": "1",
    }
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
            yield WaitingDbt(place, process)
        except BaseException:
            process.kill()
            raise


def _kept_sql(project_files: str) -> Path:
    """Where the SQL that dbt makes of these files is kept. It names the folder of the project."""
    key = hashlib.sha256(f"{PROJECT_DIR}\0{project_files}".encode()).hexdigest()
    return KEPT_SQL / f"{key[:32]}.json"


def _note(
    run: DbtRun, message: dict[str, Any], on_progress: Callable[[int, int, str], None]
) -> None:
    if "node" not in message:
        run.is_good = message["is_good"]
        run.tests = [TestResult(**test) for test in message["tests"]]
        run.stopped_because = message["stopped_because"]
        return
    run.n_done += 1
    if message["is_bad"]:
        run.failed.append(message["node"])
    on_progress(run.n_done, message["total"], message["node"])


def keep_sql(place: BuildFolder, project_files: str) -> None:
    """Keep the SQL that dbt made in this build, if it made any, for the next one."""
    path = _kept_sql(project_files)
    _keep(place.target_folder / NEW_FILE, path)
    with suppress(OSError):
        files = sorted(path.parent.glob("*.json"), key=lambda file: file.stat().st_mtime)
        for oldest in files[:-MOST_FILES]:
            oldest.unlink()


def _keep(file: Path, place: Path) -> None:
    """Copy a file, under another name first, because another build may be reading it."""
    with suppress(OSError):
        if not file.exists():
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        copy = place.with_name(f"{place.name}.{os.getpid()}")
        shutil.copyfile(file, copy)
        copy.replace(place)
