"""How every command speaks: what it does and made, and one plain sentence for bad input."""

from __future__ import annotations

import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import click
from rich.console import Console

PROJECT_DIR = Path(__file__).resolve().parents[2]

console = Console(highlight=False)
error_console = Console(stderr=True, highlight=False, soft_wrap=True)

BAD_INPUT_EXIT_CODE = 2
INTERRUPTED_EXIT_CODE = 130


class UserError(Exception):
    """Bad input, said in one plain sentence that names file, line and column, never a value."""


def refuse(sentence: str) -> NoReturn:
    """End the command with one sentence on standard error and exit code 2."""
    error_console.print(sentence, markup=False, style="red")
    sys.exit(BAD_INPUT_EXIT_CODE)


def speaks_plainly(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn a UserError into its sentence and exit code 2, so that no user meets a traceback.

    Of an error that nobody foresaw only its kind and place are told: its message can quote a value.
    """

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except UserError as error:
            refuse(str(error))
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            refuse(
                f"Something went wrong that we did not foresee ({type(error).__name__} in"
                f" {_place_of(error)}). Please report this line; it says nothing about your data."
            )

    return wrapped


def stop_on_signals() -> None:
    """Tidy up as for Ctrl-C when the terminal is closed or the machine shut down."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), stop)


@contextmanager
def interrupts_of_duckdb() -> Iterator[None]:
    """While DuckDB works, it sometimes tells of a Ctrl-C by an error of its own."""
    try:
        yield
    except RuntimeError as error:
        if "interrupted" in str(error).lower():
            raise KeyboardInterrupt from error
        raise


class PlainCommand(click.Command):
    """A command that says what is wrong with its arguments in one sentence, and nothing else."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Parse and run as click does, but for the lines of usage that it prints on an error."""
        try:
            return super().main(*args, **kwargs | {"standalone_mode": False})
        except click.ClickException as error:
            message = " ".join(error.format_message().split()).rstrip(".")
            refuse(f"{message}. --help says what can be asked for.")
        except click.Abort:
            error_console.print("Stopped.", style="red")
            sys.exit(INTERRUPTED_EXIT_CODE)


def _place_of(error: Exception) -> str:
    """The last line of our own code that an error went through, if of any."""
    frames = traceback.extract_tb(error.__traceback__)
    scripts = PROJECT_DIR / "scripts"
    # The first frame is always speaks_plainly itself.
    ours = [frame for frame in frames[1:] if Path(frame.filename).is_relative_to(scripts)]
    frame = (ours or frames)[-1]
    return f"{Path(frame.filename).name}, line {frame.lineno}"
