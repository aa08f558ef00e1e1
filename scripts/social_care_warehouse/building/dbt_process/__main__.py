"""dbt, in a process that does not outlive the build that started it.

The build holds the other end of standard input. When a line comes, everything is loaded and dbt
begins. If the build is killed, however suddenly, the operating system closes that end, and dbt ends
with it: nobody writes into a folder that the next build is already clearing.

What was done is told on standard output, one JSON object per line. Messages of the engine do not
leave this process, because they can quote a person's value.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import threading
from functools import partial

from dbt.cli.main import dbtRunner
from known_reasons import known_reason

RESULT_EVENTS = {"LogModelResult", "LogSeedResult", "LogTestResult"}
BAD_STATUSES = {"error", "fail", "runtime error"}
USER_DATA_TAG = "user_data"
# What anybody else prints goes nowhere.
TOLD_TO = os.dup(1)
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def main() -> None:
    # Nearly all that dbt makes it keeps to its end: it is not worth looking through it again and
    # again for what could be thrown away.
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    if not os.read(0, 1):
        sys.exit(1)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    nodes_told = []
    run = dbtRunner(callbacks=[partial(_tell_node, nodes_told)]).invoke(sys.argv[1:])
    results = list(getattr(run.result, "results", ()))
    _tell({
        "is_good": run.success,
        "tests": [
            {
                "name": result.node.name,
                "is_of_user_data": USER_DATA_TAG in result.node.tags,
                "status": str(result.status),
                "failures": result.failures,
            }
            for result in results
            if result.node.resource_type == "test"
        ],
        "stopped_because": (
            _why_stopped(results) if nodes_told or results else _why_not_begun(run.exception)
        ),
    })  # fmt: skip


def _end_with_parent() -> None:
    while os.read(0, 1024):
        pass
    os._exit(1)


def _tell_node(nodes_told: list[str], event: object) -> None:
    if event.info.name in RESULT_EVENTS:
        told = event.data
        nodes_told.append(told.node_info.node_name)
        _tell({
            "node": told.node_info.node_name,
            "is_bad": told.status.lower() in BAD_STATUSES,
            # Each kind of result has its own name for how many there are in all.
            "total": getattr(told, "total", 0) or getattr(told, "num_models", 0),
        })  # fmt: skip


def _why_not_begun(exception: BaseException | None) -> str:
    """Before the first query ran, dbt can only speak of the project, not of the data."""
    return " ".join(str(exception or "").split())[:300]


def _why_stopped(results: list) -> str:
    messages = (str(result.message) for result in results if str(result.status) in BAD_STATUSES)
    return next(filter(None, map(known_reason, messages)), "")


def _tell(what: dict[str, object]) -> None:
    # One write for each line: results come from several threads.
    os.write(TOLD_TO, (json.dumps(what) + "\n").encode())


if __name__ == "__main__":
    main()
