"""What Ctrl-C does, and the signals for a closed terminal or a shutdown.

While the command starts, such a signal ends it at once. While it works, the first one raises
KeyboardInterrupt, and what the command made so far is removed. Users press Ctrl-C more than once,
so for some time the signals that follow are not acted on: they would stop the removal.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

INTERRUPTED_EXIT_CODE = 130
# After this time a signal interrupts the removal too: it may be waiting for a disk that is gone.
SECONDS_TO_TIDY_UP = 30.0


class _State:
    """What the handler needs to know."""

    n_holding = 0  # how many blocks of `signals_held` are open
    is_waiting = False  # whether a signal came in such a block
    is_too_late = False  # whether the work is, or is just being, made permanent
    stopped_at: float | None = None


def exit_at_once_on_signals() -> None:
    """For the start, when nothing was made yet and only modules are loaded."""
    _handle_with(_exit_at_once)


def raise_on_signals() -> None:
    """For the work: a signal raises KeyboardInterrupt in the main thread."""
    _State.is_too_late, _State.stopped_at = False, None
    _handle_with(_interrupt)


def is_stopped() -> bool:
    """Whether a signal has interrupted the work. Errors after that can come from it."""
    return _State.stopped_at is not None


@contextmanager
def interrupts() -> Iterator[None]:
    """Raise KeyboardInterrupt for an error that comes from a signal.

    Libraries turn the interrupt into errors of their own. DuckDB raises RuntimeError.
    """
    try:
        yield
    except Exception as error:
        is_from_duckdb = isinstance(error, RuntimeError) and "interrupted" in str(error).lower()
        if is_stopped() or is_from_duckdb:
            raise KeyboardInterrupt from error
        raise


@contextmanager
def last_step() -> Iterator[None]:
    """The step that makes the work permanent. A signal in it comes too late, and so does one after.

    What is done then only has to be reported. If the step fails, signals count again.
    """
    _State.is_too_late = True
    try:
        yield
    except BaseException:
        _State.is_too_late = False
        raise


@contextmanager
def signals_held() -> Iterator[None]:
    """Keep signals from interrupting this block; one that came raises at the end of it."""
    _State.n_holding += 1
    try:
        yield
    finally:
        _State.n_holding -= 1
    if _State.is_waiting and not _State.n_holding:
        _State.is_waiting = False
        _interrupt(signal.SIGINT, None)


def _interrupt(number: int, frame: FrameType | None) -> None:
    if _State.is_too_late:
        return
    if _State.n_holding:
        _State.is_waiting = True
        return
    now = time.monotonic()
    if _State.stopped_at is None or now - _State.stopped_at > SECONDS_TO_TIDY_UP:
        _State.stopped_at = now
        raise KeyboardInterrupt


def _exit_at_once(number: int, frame: FrameType | None) -> NoReturn:
    os.write(2, b"Stopped.\n")
    os._exit(INTERRUPTED_EXIT_CODE)


def _handle_with(handler: signal._HANDLER) -> None:
    for number in _signals():
        signal.signal(number, handler)


def _signals() -> list[signal.Signals]:
    """The signals that mean stop, without those that this process was started to ignore (nohup)."""
    names = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    return [number for number in numbers if signal.getsignal(number) != signal.SIG_IGN]
