"""dbt, in a process that does not outlive the build that started it.

The build holds the other end of standard input. This process loads dbt, reads the project, says
what it holds, and waits for a line that says which nodes to build. Where an earlier build of the
same project kept the SQL of these nodes, it sends that instead, and does not load dbt.

If the build is killed, however suddenly, the operating system closes that end, and this process
ends at once: nobody writes into a folder that the next build is already removing.

Results go to standard output, one JSON object per line. Messages of the engine do not leave this
process, because they can quote a person's value.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from kept_sql import (  # type: ignore[import-not-found]
    NEW_FILE,
    KeptSql,
    Recorder,
    read_kept_sql,
    write_kept_sql,
)
from known_reasons import known_reason  # type: ignore[import-not-found]

RESULT_EVENTS = {"LogModelResult", "LogSeedResult", "LogTestResult"}
BAD_STATUSES = {"error", "fail", "runtime error"}
USER_DATA_TAG = "user_data"
# Put on the nodes to build, because dbt takes long to compare thousands of names.
CHOSEN_TAG = "chosen_by_this_build"


@dataclass(frozen=True)
class Task:
    """What the build asks for."""

    project_dir: Path
    variables: dict[str, Any]
    kept_sql: Path  # where the SQL of an earlier build is, if there was one
    target_folder: Path
    arguments: list[str]  # of dbt


def main() -> None:
    """Say what the project holds, wait for a line with names, and build those nodes."""
    orders: SimpleQueue[str] = SimpleQueue()
    orders_in = _own_standard_input()
    threading.Thread(target=_follow_parent, args=(orders_in, orders), daemon=True).start()
    results_out = _own_standard_output()
    task = _read_task()
    kept = read_kept_sql(task.kept_sql)
    if kept is None:
        _build_with_dbt(task, results_out, orders.get)
        return
    _report(results_out, {"project": kept.project})
    order = orders.get()
    if kept.has_all(json.loads(order)):
        _build_without_dbt(kept, results_out, json.loads(order))
    else:
        _build_with_dbt(task, results_out, lambda: order, kept)


def _read_task() -> Task:
    project_dir, variables, kept_sql, target_folder, *arguments = sys.argv[1:]
    arguments += ["--project-dir", project_dir, "--vars", variables]
    arguments += ["--target-path", target_folder]
    return Task(
        Path(project_dir), json.loads(variables), Path(kept_sql), Path(target_folder), arguments
    )


def _build_without_dbt(kept: KeptSql, results_out: int, chosen: list[str] | None) -> None:
    # It loads DuckDB, which dbt would load later.
    from send_kept_sql import (  # type: ignore[import-not-found] # noqa: PLC0415
        build_with_kept_sql,
    )

    def report_node(name: str, is_bad: bool, total: int) -> None:
        _report(results_out, {"node": name, "is_bad": is_bad, "total": total})

    database = Path(os.environ["WAREHOUSE_DB"])
    _report(results_out, build_with_kept_sql(kept, database, chosen, report_node))


def _build_with_dbt(
    task: Task, results_out: int, order: Callable[[], str], kept: KeptSql | None = None
) -> None:
    """Parse the project, wait for an order, build, and write the SQL for the next build.

    `kept` is what is known already, so the project was described.
    """
    from dbt.cli.main import dbtRunner  # noqa: PLC0415

    # Nearly all that dbt makes it keeps to its end, so looking for garbage is not worth the time.
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    parsed = dbtRunner().invoke(["parse", *task.arguments])
    if not parsed.success:
        # What dbt kept of the last parse can be at fault, where macros have moved since.
        parsed = dbtRunner().invoke(["parse", *task.arguments, "--no-partial-parse"])
    if not parsed.success:
        _report(results_out, _failed(_why_not_begun(parsed.exception)))
        return
    project = _describe(parsed.result, task)
    if kept is None:
        _report(results_out, {"project": project})
    manifest: Any = parsed.result
    chosen = json.loads(order())
    nodes: list[str] = []
    recorder = Recorder()
    recorder.listen()
    runner = dbtRunner(manifest, callbacks=[partial(_report_node, results_out, nodes)])
    command = ["build", *task.arguments, "--exclude-resource-type", "unit_test"]
    run = runner.invoke(command + _selection(manifest, chosen))
    results = list(getattr(run.result, "results", ()))
    if run.success:
        _write_sql(task, project, recorder, results, kept)
    _report(results_out, {
        "is_good": run.success,
        "tests": [
            {
                "name": result.node.name,
                "type": "data" if USER_DATA_TAG in result.node.tags else "logic",
                "status": str(result.status),
                "failures": result.failures,
            }
            for result in results
            if result.node.resource_type == "test"
        ],
        "stopped_because": (
            _why_stopped(results) if nodes or results else _why_not_begun(run.exception)
        ),
    })  # fmt: skip


def _write_sql(
    task: Task,
    project: dict[str, Any],
    recorder: Recorder,
    results: Sequence[Any],
    kept: KeptSql | None,
) -> None:
    built = {
        result.node.unique_id: result
        for result in results
        if result.node.unique_id in project["nodes"]
    }
    nodes = recorder.nodes(built, USER_DATA_TAG, str(task.target_folder.parent))
    if kept:
        nodes = kept.nodes | nodes
    write_kept_sql(task.target_folder / NEW_FILE, KeptSql(project, recorder.hooks(), nodes))


def _describe(manifest: Any, task: Task) -> dict[str, Any]:
    # It loads a part of dbt's own libraries, so not before dbt.
    from fingerprints import Fingerprints  # type: ignore[import-not-found] # noqa: PLC0415

    description: dict[str, Any] = Fingerprints(
        manifest, task.project_dir, task.variables
    ).describe()
    return description


def _selection(manifest: Any, chosen: list[str] | None) -> list[str]:
    """The options that make dbt build these nodes only, and these tests."""
    if chosen is None:
        return []
    for unique_id in chosen:
        manifest.nodes[unique_id].tags.append(CHOSEN_TAG)
    return ["--select", f"tag:{CHOSEN_TAG}", "--indirect-selection", "empty"]


def _follow_parent(orders_in: int, orders: SimpleQueue[str]) -> None:
    """Pass each line on, and end this process when the parent closes its end."""
    text = b""
    while received := os.read(orders_in, 65536):
        *lines, text = (text + received).split(b"\n")
        for line in lines:
            orders.put(line.decode())
    os._exit(1)


def _own_standard_input() -> int:
    """Keep standard input for the orders, and leave nothing to read there for everything else.

    On Windows a library that looks at standard input while it is loaded (numpy does) would wait
    until the thread that reads orders has received one.
    """
    orders_in = os.dup(0)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    return orders_in


def _own_standard_output() -> int:
    """Keep standard output for the results, and discard everything else."""
    results_out = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return results_out


def _report_node(results_out: int, nodes: list[str], event: Any) -> None:
    if event.info.name in RESULT_EVENTS:
        data = event.data
        nodes.append(data.node_info.node_name)
        _report(results_out, {
            "node": data.node_info.node_name,
            "is_bad": data.status.lower() in BAD_STATUSES,
            # Each kind of result has its own name for the total.
            "total": getattr(data, "total", 0) or getattr(data, "num_models", 0),
        })  # fmt: skip


def _failed(why: str) -> dict[str, object]:
    return {"is_good": False, "tests": [], "stopped_because": why}


def _why_not_begun(exception: BaseException | None) -> str:
    """Before the first query, a message of dbt can only be about the project, not the data."""
    return " ".join(str(exception or "").split())[:300]


def _why_stopped(results: Sequence[Any]) -> str:
    messages = (str(result.message) for result in results if str(result.status) in BAD_STATUSES)
    return next(filter(None, map(known_reason, messages)), "")


def _report(results_out: int, what: dict[str, object]) -> None:
    # One write for each line, because results come from several threads. A long one may need more.
    line = (json.dumps(what) + "\n").encode()
    while line:
        line = line[os.write(results_out, line) :]


if __name__ == "__main__":
    main()
