"""The command `social-care-warehouse`.

Only what can be imported at once is imported at the top, so that Ctrl-C is understood from the
start.
"""

from __future__ import annotations

import sys
from typing import NoReturn

from social_care_warehouse.interrupts import exit_at_once_on_signals


def main(command: str | None = None) -> NoReturn:
    """Run the command line; with `command`, the arguments are those of this subcommand."""
    exit_at_once_on_signals()
    from social_care_warehouse.commands import run  # noqa: PLC0415

    sys.exit(run(command, sys.argv[1:]))
