"""Loads thousands of mutated small files: never a traceback, and accounts that balance.

Run by `make test-fuzz`. The property is that of tests/python/test_load_lines.py, with other files
in every run; a file that breaks it is printed, made as small as it can be.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT_DIR / "scripts"), str(PROJECT_DIR / "tests" / "python")]

from hypothesis import HealthCheck, given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402
from test_load_lines import test_any_mutated_file_is_accounted_for_or_refused as one  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=10_000)
    options = parser.parse_args()
    started = time.monotonic()
    # A hang shows as a file that takes longer than the deadline, in milliseconds.
    many = settings(
        max_examples=options.files,
        deadline=20_000,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    many(given(data=st.data())(one.hypothesis.inner_test))()
    print(f"{options.files:,} mutated files were loaded or refused, every line accounted for,"
          f" in {time.monotonic() - started:.0f} s.")  # fmt: skip


if __name__ == "__main__":
    main()
