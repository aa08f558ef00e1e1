"""Two processes of pytest make what they share once."""

from __future__ import annotations

import sys
from pathlib import Path

from commands import PROJECT_DIR, run

TESTS = """
import os, time
from pathlib import Path

def fill(folder):
    with (folder.parent / "fills").open("a") as fills:
        fills.write(os.environ["PYTEST_XDIST_WORKER"] + "\\n")
    time.sleep(0.5)
    (folder / "made").touch()

def test_a(share):
    assert (share("example", fill) / "made").exists()
"""


def test_a_shared_folder_is_filled_by_one_process(tmp_path: Path) -> None:
    for name in ("test_one.py", "test_two.py"):
        (tmp_path / name).write_text(TESTS)
    support = PROJECT_DIR / "tests" / "python"
    (tmp_path / "conftest.py").write_text((support / "conftest.py").read_text("utf-8"))
    (tmp_path / "pytest.ini").write_text(f"[pytest]\npythonpath = {support}\n")
    base = tmp_path / "base"
    done = run(
        sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile",
        "--basetemp", base, "-p", "no:cacheprovider", tmp_path, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout.splitlines()[-1]
    assert len((base / "fills").read_text().splitlines()) == 1
