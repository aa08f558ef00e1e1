"""How every command writes to the screen, and how it ends with an error."""

from __future__ import annotations

import errno
import os
import sys
import traceback
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn, TextIO

import click
import rich.console
from rich.segment import Segment

from social_care_warehouse.interrupts import INTERRUPTED_EXIT_CODE, interrupts
from social_care_warehouse.project import PROJECT_DIR

__all__ = [
    "BAD_INPUT_EXIT_CODE", "FAILED_EXIT_CODE", "INTERRUPTED_EXIT_CODE", "PROJECT_DIR", "Console",
    "PlainCommand", "PlainGroup", "UserError", "WorkError", "console", "error_console",
    "failed_to_write", "is_closed_pipe", "keep_going_without_output", "lost_output", "nearest",
    "refuse", "speaks_plainly",
]  # fmt: skip

BAD_INPUT_EXIT_CODE = 2
FAILED_EXIT_CODE = 1

# Control and format characters, halves of a character, and the separators of lines: a terminal may
# obey them, so a file name that holds them is shown without.
_NOT_SHOWN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


class Console(rich.console.Console):
    """A rich console that prints no control characters."""

    def render(
        self,
        renderable: rich.console.RenderableType,
        options: rich.console.ConsoleOptions | None = None,
    ) -> Iterable[Segment]:
        """Render as rich does, which calls this for all that it prints."""
        for segment in super().render(renderable, options):
            if segment.control or segment.text.isprintable():
                yield segment
            else:
                yield Segment(without_control_characters(segment.text), segment.style)


console = Console(highlight=False)
error_console = Console(stderr=True, highlight=False, soft_wrap=True)
# Why standard output could not be written to, once that happened.
_lost_output: list[OSError] = []


def nearest(name: str, known: Iterable[str]) -> str:
    """A sentence that helps to find the right name."""
    names = list(known)
    near = get_close_matches(name, names, n=3, cutoff=0.5)
    return f"Did you mean {' or '.join(near)}?" if near else f"Choose one of: {', '.join(names)}."


class UserError(Exception):
    """A mistake that the user can correct, in plain words: file, line and column, but no value."""

    exit_code = BAD_INPUT_EXIT_CODE


class WorkError(UserError):
    """Work that began and could not be finished, for example because the disk is full."""

    exit_code = FAILED_EXIT_CODE


def failed_to_write(error: Exception) -> type[UserError]:
    """The kind of a failed write: a path that the user can correct, or a disk that is full."""
    has_no_place = isinstance(error, (PermissionError, FileNotFoundError, NotADirectoryError))
    return UserError if has_no_place else WorkError


def without_control_characters(text: str) -> str:
    """The text with a replacement character for each one that a terminal might obey."""
    return "".join(
        "\ufffd" if unicodedata.category(character) in _NOT_SHOWN and character not in "\n\t"
        else character
        for character in text
    )  # fmt: skip


class _ForgivingStream:
    """Standard output or error that goes on without a reader, a disk or a fitting encoding.

    A build that takes an hour must not fail because a line of its summary cannot be written.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        with suppress(AttributeError, ValueError):
            stream.reconfigure(errors="replace")  # type: ignore[attr-defined]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        with self._forgiven():
            self._stream.write(text)
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        with self._forgiven():
            self._stream.flush()

    @contextmanager
    def _forgiven(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            _lost_output.append(error)
            # What is still in the buffer is written when Python ends: let it go nowhere.
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)


def keep_going_without_output() -> None:
    """Let no command fail because its output cannot be written or shown."""
    # A database opened as number 1 or 2 would receive what is meant for the screen.
    with suppress(OSError):
        while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
            pass
        os.close(descriptor)
    if sys.stdout:
        sys.stdout = _ForgivingStream(sys.stdout)
    if sys.stderr:
        sys.stderr = _ForgivingStream(sys.stderr)


def lost_output() -> str:
    """Why output was lost, in the words of the system; empty where it was not.

    A reader that had enough (`| head`) lost nothing.
    """
    for stream in (sys.stdout, sys.stderr):
        if stream:
            stream.flush()
    errors = [error for error in _lost_output if not is_closed_pipe(error)]
    return errors[0].strerror or "unknown reason" if errors else ""


def is_closed_pipe(error: OSError) -> bool:
    """Whether nobody reads any more what was written. Windows calls that an invalid argument."""
    is_so_on_windows = sys.platform == "win32" and error.errno == errno.EINVAL
    return isinstance(error, BrokenPipeError) or is_so_on_windows


def refuse(sentence: str, exit_code: int = BAD_INPUT_EXIT_CODE) -> NoReturn:
    """End the command with one sentence on standard error."""
    error_console.print(sentence, markup=False, style="red")
    sys.exit(exit_code)


def speaks_plainly(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn an error into one sentence and an exit code, so that no user meets a traceback.

    Of an unexpected error only the kind and the place are shown: its message can quote a value.
    """

    @wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            with interrupts():
                return command(*args, **kwargs)
        except UserError as error:
            refuse(str(error), error.exit_code)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            refuse(
                f"Unexpected error: {type(error).__name__} in {_place_of(error)}. Please report"
                " this line; it contains nothing from your data.",
                FAILED_EXIT_CODE,
            )

    return wrapped


class PlainCommand(click.Command):
    """A command that says in one sentence what is wrong with its arguments."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Parse and run as click does, without the lines of usage that it prints on an error."""
        return _run_plainly(super().main, *args, **kwargs)


class PlainGroup(click.Group):
    """The same for a command with subcommands, which are listed in the order of their use."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Parse and run as click does, without the lines of usage that it prints on an error."""
        return _run_plainly(super().main, *args, **kwargs)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The subcommands in the order in which they were added."""
        return list(self.commands)


def _run_plainly(main: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    try:
        return main(*args, **kwargs | {"standalone_mode": False})
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message(), file=sys.stderr)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        message = " ".join(error.format_message().split()).rstrip(".")
        end = "" if message.endswith("?") else "."
        refuse(f"{message}{end} --help lists what you can give.")
    except click.Abort:
        error_console.print("Stopped.", style="red")
        sys.exit(INTERRUPTED_EXIT_CODE)


def _place_of(error: Exception) -> str:
    """The last line of this package that an error went through, if it went through any."""
    frames = traceback.extract_tb(error.__traceback__)
    package = Path(__file__).resolve().parent
    # The first frame is always speaks_plainly itself.
    ours = [frame for frame in frames[1:] if Path(frame.filename).is_relative_to(package)]
    frame = (ours or frames)[-1]
    return f"{Path(frame.filename).name}, line {frame.lineno}"
