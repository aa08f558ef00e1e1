"""Files as DuckDB opens them, and where temporary ones go."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from social_care_warehouse.console import UserError


@contextmanager
def engine_path(path: Path) -> Iterator[str]:
    """A path by which DuckDB opens this one file, whatever the file's name holds.

    DuckDB takes a path for a pattern of file names and opens UTF-8 paths only. Brackets keep signs
    of a pattern from being one. Any other name is reached through a link.
    """
    absolute = str(path.absolute())
    is_utf_8 = absolute == absolute.encode("utf-8", "replace").decode()
    if is_utf_8 and (os.sep == "\\" or "\\" not in absolute):
        yield re.sub(r"([*?\[])", r"[\1]", absolute)
        return
    with tempfile.TemporaryDirectory() as folder:
        link = Path(folder) / "file"
        link.symlink_to(absolute)
        yield str(link)


def temporary_parent() -> Path | None:
    """The folder for temporary files that the user names, made if it is not there.

    Raises UserError when it cannot be made.
    """
    wanted = os.environ.get("WAREHOUSE_TEMP_DIRECTORY")
    if not wanted:
        return None
    parent = Path(wanted).absolute()
    try:
        parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        raise UserError(
            f"The folder {parent} (WAREHOUSE_TEMP_DIRECTORY) cannot be made. Choose another one."
        ) from None
    return parent
