"""dbt, in a process that does not outlive the build that started it.

The build holds the other end of standard input. If it is killed, however suddenly, the operating
system closes that end, and dbt ends with it: nobody writes into a folder that the next build is
already clearing.
"""

from __future__ import annotations

import os
import sys
import threading


def _end_with_parent() -> None:
    while os.read(0, 1024):
        pass
    os._exit(1)


if __name__ == "__main__":
    threading.Thread(target=_end_with_parent, daemon=True).start()
    from dbt.cli.main import cli

    sys.argv[0] = "dbt"
    cli()
