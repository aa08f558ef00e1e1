"""Our warehouse as its users build it: warehouse_tested.py EXTRACTS; answers in the folder it is
run in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from answer import write_answer

SCRIPTS = Path(__file__).resolve().parents[3]

if __name__ == "__main__":
    database = Path("warehouse.duckdb").absolute()
    subprocess.run(
        [sys.executable, str(SCRIPTS / "build.py"), sys.argv[1], "--database", str(database)],
        check=True,
    )
    write_answer(database)
