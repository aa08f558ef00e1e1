"""Changes project and files at random, builds again, and compares with a build from nothing.

Run by `make test-rebuilds`. Each round makes one to four changes and prints them. It stops at the
first one after which the two warehouses differ.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT_DIR / "tests" / "python")]

from random_changes import Lab  # noqa: E402
from synthetic import make  # noqa: E402

MOST_CHANGES = 4
RELEASES = ("latest-episode", "all-episodes")


def main() -> None:
    options = _options()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory(prefix="rebuild_") as name:
        folder = Path(name)
        size = ("--pupils", options.pupils, "--seed", options.seed, "--datasets", options.datasets)
        releases = [make(folder / release, *size, "--release", release) for release in RELEASES]
        lab = Lab(folder, releases, chance)
        lab.build_again()
        for number in range(1, options.rounds + 1):
            names = chance.sample(sorted(lab.changes), chance.randint(1, MOST_CHANGES))
            for change in names:
                lab.changes[change]()
            lab.build_again()
            print(f"{number:>3}/{options.rounds} {', '.join(names)}", flush=True)
            if different := lab.differences():
                sys.exit(f"Not the same: {', '.join(different)}.")
    print(f"{options.rounds} rounds: the warehouses held the same each time.")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--pupils", type=int, default=300)
    parser.add_argument("--datasets", default="social-care")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
