"""One command from start to end: wall time, processor time, and memory of all its processes."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from social_care_warehouse.console import UserError

PROC = Path("/proc")
SECONDS_BETWEEN_LOOKS = 0.1
# In /proc/PID/stat, counted from the first item after the name in brackets (proc(5)).
SESSION, RESIDENT_PAGES = 3, 21


@dataclass(frozen=True)
class Cost:
    """What a command took, with every process that it started."""

    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int
    exit_code: int


def check_machine() -> None:
    """Refuse where memory cannot be measured as it is described, before the long work."""
    if not (hasattr(os, "wait4") and (PROC / "self" / "stat").exists()):
        raise UserError("The benchmark measures memory by /proc, so it needs Linux.")


def run_measured(command: list[str], folder: Path, environment: dict[str, str]) -> Cost:
    """Run a command in a folder, where output.txt takes what it says, in a session of its own.

    Times are those of the kernel for the command and all that it waited for (wait4). Memory is the
    larger of two: the kernel's mark of the largest single process, which is exact, and the sum over
    all processes of the session, looked at ten times a second, which counts memory that two of them
    share twice.
    """
    with (folder / "output.txt").open("wb") as output:
        started = monotonic()
        process = subprocess.Popen(
            command, cwd=folder, env=environment, start_new_session=True,
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
    return Cost(
        wall_seconds=wall,
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        peak_bytes=max(usage.ru_maxrss * 1024, watch.peak_bytes),
        exit_code=process.returncode,
    )


class _Watch(threading.Thread):
    """Looks again and again how much memory the processes of a session hold."""

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
