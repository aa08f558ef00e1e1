"""dbt, in a process that does not outlive the build that started it.

The build holds the other end of standard input. When a line comes, everything is loaded and dbt
begins. If the build is killed, however suddenly, the operating system closes that end, and this
process ends at once: nobody writes into a folder that the next build is already removing.

Results go to standard output, one JSON object per line. Messages of the engine do not leave this
process, because they can quote a person's value.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import threading
from collections.abc import Sequence
from functools import partial
from typing import Any

from known_reasons import known_reason  # type: ignore[import-not-found]

RESULT_EVENTS = {"LogModelResult", "LogSeedResult", "LogTestResult"}
BAD_STATUSES = {"error", "fail", "runtime error"}
USER_DATA_TAG = "user_data"


def main() -> None:
    """Load dbt, wait for the line, and run it with the arguments of this process."""
    start = threading.Event()
    threading.Thread(target=_follow_parent, args=(start,), daemon=True).start()
    results_out = _own_standard_output()
    from dbt.cli.main import dbtRunner  # noqa: PLC0415

    # Nearly all that dbt makes it keeps to its end, so looking for garbage is not worth the time.
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    start.wait()
    nodes: list[str] = []
    run = dbtRunner(callbacks=[partial(_report_node, results_out, nodes)]).invoke(sys.argv[1:])
    results = list(getattr(run.result, "results", ()))
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


def _follow_parent(start: threading.Event) -> None:
    """Begin when a byte comes, and end this process when the parent closes its end."""
    while os.read(0, 1024):
        start.set()
    os._exit(1)


def _own_standard_output() -> int:
    """Keep standard output for the results; what anything else prints is discarded."""
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


def _why_not_begun(exception: BaseException | None) -> str:
    """Before the first query ran, dbt can only speak of the project, not of the data."""
    return " ".join(str(exception or "").split())[:300]


def _why_stopped(results: Sequence[Any]) -> str:
    messages = (str(result.message) for result in results if str(result.status) in BAD_STATUSES)
    return next(filter(None, map(known_reason, messages)), "")


def _report(results_out: int, what: dict[str, object]) -> None:
    # One write for each line: results come from several threads.
    os.write(results_out, (json.dumps(what) + "\n").encode())


if __name__ == "__main__":
    main()
