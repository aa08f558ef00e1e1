"""What several subcommands share: options, progress, and how they end when stopped."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click
import rich.console
from rich.markup import escape

from social_care_warehouse.console import INTERRUPTED_EXIT_CODE, console, error_console
from social_care_warehouse.interrupts import interrupts

_Command = TypeVar("_Command", bound=Callable[..., Any])

COMMAND_NAME = "social-care-warehouse"
WHY_NO_ROWS = (
    "Either the files for them were not delivered, or a build with --select left them out. In that"
    " case build again without --select."
)

# A path that the command itself checks, so that every message has the same form.
ANY_PATH = click.Path(path_type=Path, readable=False)

fill_missing_columns_option = click.option(
    "--fill-missing-columns", is_flag=True,
    help="Accept files of one dataset with different columns. Missing columns become NULL.",
)  # fmt: skip

allow_rejected_option = click.option(
    "--allow-rejected", is_flag=True,
    help="Accept files even if most of their lines or identifiers cannot be read.",
)  # fmt: skip

warehouse_option = click.option(
    "--database", required=True, type=ANY_PATH, metavar="PATH",
    help="The warehouse to read. It stays unchanged.",
)  # fmt: skip


def folder_option(things: str) -> Callable[[_Command], _Command]:
    """The option --to of a command that writes things into a folder."""
    return click.option(
        "--to", "folder", required=True, type=click.Path(path_type=Path), metavar="DIR",
        help=f"The folder for the {things}. It is made if it does not exist.",
    )  # fmt: skip


def replace_option(what: str) -> Callable[[_Command], _Command]:
    """The option --replace of a command that writes files."""
    return click.option("--replace", is_flag=True, help=f"Replace {what}.")


def say(sentence: str) -> None:
    """Print text without markup, because it can hold names of files."""
    console.print(sentence, markup=False, soft_wrap=True)


@contextmanager
def progress(what: str, screen: rich.console.Console = console) -> Iterator[Callable[[str], None]]:
    """Show the current step while work runs; gives the function to call with each step."""
    with screen.status(what) as status:
        yield lambda sentence: status.update(f"{escape(sentence)} ...")


@contextmanager
def stopped_with(sentence: str) -> Iterator[None]:
    """On Ctrl-C, say what happened to the work and end the command."""
    try:
        with interrupts():
            yield
    except KeyboardInterrupt:
        error_console.print(f"Stopped. {sentence}", style="red")
        sys.exit(INTERRUPTED_EXIT_CODE)
