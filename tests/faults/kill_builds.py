"""Kills builds at random moments and checks that the warehouse is whole whatever happens.

Run by `make test-faults`. A warehouse of one delivery is there; a build of another delivery is
killed (SIGKILL, by turns to all of its processes and to the first one only). Then:

* no process of the killed build lives on,
* the warehouse opens and holds what it held, to the row (or, where the kill came after the swap,
  all of what the killed build made),
* the next build works, leaves nothing but the warehouse behind, and gives what an undisturbed build
  of the same delivery gives.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT_DIR / "tests" / "python")]

from commands import run  # noqa: E402
from last_good import BUILD  # noqa: E402
from synthetic import make  # noqa: E402
from warehouses import contents  # noqa: E402

SCHEMAS = ("marts", "quality", "intermediate", "lookups")
ORPHAN_SECONDS = 5.0
TARGETS = ("all processes", "the first process only")
# By turns at any moment, and just after these words: where steps change is where it matters.
MOMENTS = ("", "", "", "2/3 ", "3/3 ")


def main() -> None:
    options = _options()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory(prefix="trust_faults_") as folder:
        lane = Lane(Path(folder))
        print(f"An undisturbed build takes {lane.seconds:.0f} s.", flush=True)
        seen: Counter[str] = Counter()
        n_kills = 0
        while n_kills < options.kills:
            target = TARGETS[n_kills % len(TARGETS)]
            moment = MOMENTS[n_kills % len(MOMENTS)]
            outcome = lane.kill_one(target, moment, chance)
            if outcome is None:
                continue  # the build was over before its turn came
            lane.build_again()
            n_kills += 1
            seen[outcome] += 1
            print(f"{n_kills:>3}/{options.kills} {outcome}; the next build was whole", flush=True)
    print(
        f"{n_kills} builds were killed; the warehouse was whole after each, and the next build too."
    )
    for outcome, count in sorted(seen.items()):
        print(f"  {count:>3} times {outcome}")


class Lane:
    """A folder with a warehouse, two deliveries, and what undisturbed builds of them give."""

    def __init__(self, folder: Path) -> None:
        size = ("--pupils", 60, "--seed")
        self.deliveries = {
            seed: make(folder / f"delivery {seed}", *size, seed) for seed in (11, 12)
        }
        self.expected = {}
        (folder / "warehouse").mkdir()
        self.database = folder / "warehouse" / "warehouse.duckdb"
        for seed in (12, 11):
            started = time.monotonic()
            self._build(seed)
            self.seconds = time.monotonic() - started
            self.expected[seed] = self._contents()
        _demand(self.expected[11] != self.expected[12], "the two deliveries are the same")

    def kill_one(self, target: str, moment: str, chance: random.Random) -> str | None:
        """Start a build of the other delivery and kill it; says what was killed when."""
        with subprocess.Popen(
            self._command(12), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env=os.environ | {"COLUMNS": "200", "PYTHONUNBUFFERED": "1"}, start_new_session=True,
        ) as process:  # fmt: skip
            started = time.monotonic()
            if moment:
                for line in process.stdout:
                    if line.startswith(moment):
                        break
                time.sleep(chance.uniform(0, 0.4))
            else:
                time.sleep(chance.uniform(0, self.seconds))
            was_running = process.poll() is None
            if was_running and target == TARGETS[0]:
                os.killpg(process.pid, signal.SIGKILL)
            process.kill()
            after = time.monotonic() - started
        if not was_running or process.returncode == 0:
            self.build_again()
            return None
        self._demand_no_orphans()
        now = self._contents()
        is_old, is_new = now == self.expected[11], now == self.expected[12]
        _demand(
            is_old or is_new, f"the warehouse is neither the old nor the new one ({after:.1f} s)"
        )
        _demand(is_old or moment != "2/3 ", "a warehouse was swapped in before it was tested")
        which = "before" if is_old else "after"
        where = f"at '{moment.strip()}'" if moment else f"in the {_tenth(after / self.seconds)}"
        return f"{target} killed {where}, {which} the swap"

    def build_again(self) -> None:
        """Build the first delivery over what is there: it must be as if nothing had happened."""
        self._build(11)
        left_over = sorted(path.name for path in self.database.parent.iterdir())
        _demand(left_over == [self.database.name], f"left over after the next build: {left_over}")
        _demand(
            self._contents() == self.expected[11], "the next build differs from an undisturbed one"
        )

    def _build(self, seed: int) -> None:
        done = run(*self._command(seed))
        _demand(done.returncode == 0, f"the build failed: {done.stdout[-2000:]} {done.stderr}")

    def _command(self, seed: int) -> list[str]:
        return [*BUILD, str(self.deliveries[seed]), "--database", str(self.database)]

    def _contents(self) -> dict[str, list[tuple]]:
        return contents(self.database, *SCHEMAS)

    def _demand_no_orphans(self) -> None:
        deadline = time.monotonic() + ORPHAN_SECONDS
        while orphans := self._processes():
            _demand(time.monotonic() < deadline, f"processes live on: {orphans}")
            time.sleep(0.02)

    def _processes(self) -> list[str]:
        """Processes that work on our warehouse, where the system lists them (Linux)."""
        mark = os.fsencode(self.database.parent)
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (process / "cmdline").read_bytes() and int(process.name) != os.getpid():
                    found.append(process.name)
            except OSError:
                continue
        return found


def _tenth(share: float) -> str:
    thirds = ("first third", "second third", "last third")
    return f"{thirds[min(int(share * 3), 2)]} of the time"


def _demand(is_so: bool, complaint: str) -> None:
    if not is_so:
        sys.exit(f"FAULT: {complaint}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=None, help="to repeat the same moments")
    return parser.parse_args()


if __name__ == "__main__":
    main()
