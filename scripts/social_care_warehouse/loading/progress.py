"""Shows how much of a long file has been read."""

from __future__ import annotations

import time
from collections.abc import Callable

SECONDS_BETWEEN = 5.0

Report = Callable[[str], None]


class Progress:
    """Reports, every few seconds, what part of a file has been read."""

    def __init__(self, report: Report, what: str, n_bytes: int) -> None:
        self._report = report
        self._what = what
        self._n_bytes = max(n_bytes, 1)
        self._reported_at = time.monotonic()

    def show(self, n_bytes_read: int) -> None:
        """Note how many bytes have been read."""
        now = time.monotonic()
        if now - self._reported_at >= SECONDS_BETWEEN:
            self._reported_at = now
            percent = min(100, 100 * n_bytes_read // self._n_bytes)
            self._report(f"{self._what}: {percent}% read")
