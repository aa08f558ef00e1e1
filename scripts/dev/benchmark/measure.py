"""One command from start to end: wall time, processor time, and memory of all its processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from social_care_warehouse.console import UserError

MEASURING_PROCESS = Path(__file__).parent / "measuring_process.py"


@dataclass(frozen=True)
class Cost:
    """What a command took, with every process that it started."""

    wall_seconds: float
    cpu_seconds: float
    peak_bytes: int
    exit_code: int


def check_machine() -> None:
    """Refuse where memory cannot be measured as it is described, before the long work."""
    if not (hasattr(os, "wait4") and Path("/proc/self/stat").exists()):
        raise UserError("The benchmark measures memory by /proc, so it needs Linux.")


def run_measured(command: list[str], folder: Path, environment: dict[str, str]) -> Cost:
    """Run a command in a folder, where output.txt takes what it says, in a session of its own.

    Times are those of the kernel for the command and all that it waited for (wait4). Memory is the
    larger of two: the kernel's mark of the largest single process, which is exact, and the sum over
    all processes of the session, looked at ten times a second, which counts memory that two of them
    share twice. The command is started by a small process, because the kernel's mark of a process
    begins with what the one that starts it has held.
    """
    with subprocess.Popen(
        [sys.executable, str(MEASURING_PROCESS), *command],
        cwd=folder, env=environment, stdout=subprocess.PIPE, text=True,
    ) as measuring:  # fmt: skip
        try:
            said, _ = measuring.communicate()
        except BaseException:
            # It ends the command, too.
            measuring.send_signal(signal.SIGINT)
            raise
    return Cost(**json.loads(said))
