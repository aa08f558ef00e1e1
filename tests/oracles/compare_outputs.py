"""Compare with ACRO and Tau-Argus: the same counts are unsafe, and no hidden one is recovered.

compare_outputs.py --oracles PYTHON [--tables 100]: PYTHON is that of an environment with acro and
pytauargus. Random populations are protected with --exact. ACRO must find the same small counts, and
the audit of Tau-Argus must find that no hidden count can be narrowed down.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
from itertools import product
from pathlib import Path

import duckdb

from social_care_warehouse.outputs.protect import protect
from social_care_warehouse.outputs.query import read_true_table
from social_care_warehouse.outputs.rules import default_rules
from social_care_warehouse.outputs.specification import Measure, Specification
from social_care_warehouse.outputs.table import ALL, HIDDEN

ORACLES = Path(__file__).with_name("oracles.py")
SPECIFICATION = Specification(
    "crossed", "Persons", "Persons", "person_random", ("first",), ("second",),
    (Measure("count", "n_persons", "Persons"),),
)  # fmt: skip


def case(seed: int) -> dict[str, object]:
    """A random population: its persons, its true counts, and what we do with each."""
    draw = random.Random(seed)
    firsts, seconds = "abcdef"[: draw.randint(2, 6)], "uvwxyz"[: draw.randint(2, 6)]
    persons = []
    for first, second in product(firsts, seconds):
        # At least ten persons of each category, so that none is put together with others.
        is_large = second == seconds[0] or first == firsts[0]
        n = draw.choice((20, 35, 80) if is_large else (0, 1, 3, 6, 9, 10, 14, 40))
        persons += [(first, second)] * n
    connection = duckdb.connect()
    connection.execute("create schema marts")
    connection.execute(
        "create table marts.person_random (pupil_id varchar, first varchar, second varchar)"
    )
    connection.executemany(
        "insert into marts.person_random values (?, ?, ?)",
        [(f"p{number}", *person) for number, person in enumerate(persons)],
    )
    rules = default_rules()
    true_table = read_true_table(connection, SPECIFICATION, rules)
    protection = protect(true_table, rules, exact=True)
    return {
        "persons": persons,
        "all": ALL,
        "threshold": rules.threshold,
        "cells": [
            [
                list(group),
                count,
                protection.shown["n_persons"][group] == HIDDEN,
                ("n_persons", group) in protection.small,
            ]
            for group, count in true_table.counts["n_persons"].items()
        ],
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--oracles", required=True, metavar="PYTHON")
    options.add_argument("--tables", type=int, default=100)
    given = options.parse_args()
    cases = [case(seed) for seed in range(given.tables)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cases.json"
        path.write_text(json.dumps(cases), encoding="utf-8")
        done = subprocess.run(
            [given.oracles, str(ORACLES), str(path)], capture_output=True, text=True, check=False
        )
    sys.stdout.write(done.stdout)
    if done.returncode:
        sys.stderr.write(done.stderr)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
