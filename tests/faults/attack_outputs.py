"""Attack many random tables for release: attack_outputs.py --tables 1000 [--seed 0].

Half of the tables are rounded and half are exact; each is attacked alone, and with one and two more
tables of the same persons. Ends with 1 if a small count, the few persons whom a subtraction leaves,
or the sum of a group that one person dominates can be narrowed down.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "python"))

from output_attack import attack, attack_sums, random_case


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--tables", type=int, default=1000)
    options.add_argument("--seed", type=int, default=0)
    given = options.parse_args()
    n_tables = n_conflicts = n_findings = 0
    seed = given.seed
    while n_tables < given.tables:
        for exact in (False, True):
            for n in (1, 2, 3):
                try:
                    case = random_case(seed, n_tables=n, exact=exact, is_nested=seed % 2 == 1)
                except Exception as error:
                    if type(error).__name__ != "WorkError":
                        raise
                    # Refused: nothing would be written.
                    n_conflicts += 1
                    continue
                n_tables += n
                for finding in attack(case, exact=exact) + attack_sums(case, exact=exact):
                    n_findings += 1
                    print(f"seed {seed}, {n} tables, {'exact' if exact else 'rounded'}: {finding}")
        seed += 1
        if seed % 20 == 0:
            print(f"{n_tables} tables attacked, {n_findings} small counts found ...", flush=True)
    print(
        f"{n_tables} tables of {seed - given.seed} random populations: {n_findings} small counts"
        f" could be narrowed down. {n_conflicts} tables were refused."
    )
    sys.exit(bool(n_findings))


if __name__ == "__main__":
    main()
