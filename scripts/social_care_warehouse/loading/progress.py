"""Shows how much of a long file has been read."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

SECONDS_BETWEEN = 5.0

Report = Callable[[str], None]


class StoppedError(Exception):
    """Nobody needs the rest of the file any more."""


class Progress:
    """Reports, every few seconds, what part of a file has been read.

    It ends the reading once `is_stopped` is set, which another thread may do.
    """

    def __init__(
        self, report: Report, what: str, n_bytes: int, is_stopped: threading.Event | None = None
    ) -> None:
        self._report = report
        self._what = what
        self._n_bytes = max(n_bytes, 1)
        self._is_stopped = is_stopped or threading.Event()
        self._reported_at = time.monotonic()

    def show(self, n_bytes_read: int) -> None:
        """Note how many bytes have been read. Raises StoppedError."""
        if self._is_stopped.is_set():
            raise StoppedError
        now = time.monotonic()
        if now - self._reported_at >= SECONDS_BETWEEN:
            self._reported_at = now
            percent = min(100, 100 * n_bytes_read // self._n_bytes)
            self._report(f"{self._what}: {percent}% read")
