"""Runs a command and prints what it took as JSON: measuring_process.py COMMAND [ARGUMENT ...].

Small on purpose, and started again for each command: see measure in runs.py.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from time import monotonic

PROC = Path("/proc")
SECONDS_BETWEEN_LOOKS = 0.1
# In /proc/PID/stat, counted from the first item after the name in brackets (proc(5)).
SESSION, RESIDENT_PAGES = 3, 21


def measure(command: list[str]) -> dict[str, float]:
    with Path("output.txt").open("wb") as output:
        started = monotonic()
        process = subprocess.Popen(
            command, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
    watch = _Watch(process.pid)
    watch.start()
    try:
        _, status, usage = os.wait4(process.pid, 0)
        wall = monotonic() - started
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise
    finally:
        watch.stop()
    process.returncode = os.waitstatus_to_exitcode(status)
    return {
        "wall_seconds": wall,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "peak_bytes": max(usage.ru_maxrss * 1024, watch.peak_bytes),
        "exit_code": process.returncode,
    }


class _Watch(threading.Thread):
    """Reads regularly how much memory the processes of a session hold."""

    def __init__(self, session: int) -> None:
        super().__init__(daemon=True)
        self._session = str(session)
        self._is_over = threading.Event()
        self.peak_bytes = 0

    def run(self) -> None:
        while not self._is_over.wait(SECONDS_BETWEEN_LOOKS):
            self.peak_bytes = max(self.peak_bytes, self._resident_bytes())

    def stop(self) -> None:
        self._is_over.set()
        self.join()

    def _resident_bytes(self) -> int:
        pages = 0
        for folder in PROC.iterdir():
            if not folder.name.isdigit():
                continue
            try:
                items = (folder / "stat").read_text(encoding="latin-1").rpartition(")")[2].split()
            except OSError:  # it has ended since
                continue
            if items[SESSION] == self._session:
                pages += int(items[RESIDENT_PAGES])
        return pages * os.sysconf("SC_PAGESIZE")


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1:])))
