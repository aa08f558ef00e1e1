"""Builds a warehouse without each subset of the five datasets of school and justice.

Run by `make test-subsets`. Every build must pass. What a missing dataset shows must be NULL and
"not available", and every other value that of the full delivery. The deliveries follow each other
so that one dataset comes or goes each time, and each build starts from the warehouse before it.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import duckdb

PROJECT_DIR = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT_DIR / "tests" / "python")]

from commands import run  # noqa: E402
from dataset_subsets import (  # noqa: E402
    ITEMS,
    OUTCOME_DATASETS,
    OUTCOMES,
    Rows,
    all_subsets,
    by_key,
    differences,
)
from synthetic import make  # noqa: E402


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="subsets_") as name:
        folder = Path(name)
        size = ("--pupils", options.pupils, "--seed", options.seed, "--datasets", "all")
        files = files_by_dataset(make(folder / "all", *size))
        full = marts_of(build(files, OUTCOME_DATASETS, folder / "full"))
        failed = 0
        for number, delivered in enumerate(all_subsets(), start=1):
            found = faults(build(files, delivered, folder / "one"), delivered, full)
            failed += bool(found)
            verdict = "ok" if not found else "; ".join(sorted(found))
            print(f"{number:>2}/32 {', '.join(delivered) or 'none'}: {verdict}", flush=True)
    if failed:
        sys.exit(f"{failed} of 32 deliveries have faults.")
    print("All 32 deliveries build, and show what they hold and no more.")


def files_by_dataset(extracts: Path) -> dict[str, list[Path]]:
    """The files of each dataset, as `check` recognises them."""
    report = json.loads(run_cli("check", extracts, "--json"))
    found: dict[str, list[Path]] = {}
    for file in report["files"]:
        if file["taken_for"]:
            found.setdefault(file["taken_for"], []).append(extracts / file["name"])
    return found


def run_cli(*arguments: object) -> str:
    """What the installed command prints; the run stops if it fails."""
    done = run(Path(sys.executable).with_name("social-care-warehouse"), *arguments)
    if done.returncode:
        sys.exit(f"{' '.join(done.args)} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def build(files: dict[str, list[Path]], delivered: Iterable[str], folder: Path) -> Path:
    """A warehouse of social care and these datasets."""
    extracts = folder / "extracts"
    extracts.mkdir(parents=True, exist_ok=True)
    for path in extracts.iterdir():
        path.unlink()
    for dataset, paths in files.items():
        if dataset not in OUTCOME_DATASETS or dataset in delivered:
            for path in paths:
                os.link(path, extracts / path.name)
    database = folder / "warehouse.duckdb"
    run_cli("build", extracts, "--database", database)
    return database


def marts_of(database: Path) -> dict[str, Rows]:
    """The rows of every mart."""
    with duckdb.connect(str(database), read_only=True) as connection:
        marts = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'marts'"
        ).fetchall()
        found = {}
        for (mart,) in marts:
            result = connection.execute(f"from marts.{mart}")
            names = [column[0] for column in result.description]
            rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
            found[mart] = by_key(mart, rows)
        return found


def faults(database: Path, delivered: tuple[str, ...], full: dict[str, Rows]) -> set[str]:
    """What this delivery shows that it should not, or lacks."""
    marts = marts_of(database)
    found = {
        name
        for mart, rows in full.items()
        for name in differences(mart, rows, marts[mart], delivered)
    }
    # The population file lists all pupils, so that each is a person in every delivery.
    if marts["person_outcome"].keys() != full["person_outcome"].keys():
        found.add("person_outcome")
    with duckdb.connect(str(database), read_only=True) as connection:
        scopes = dict(connection.sql("select item, scope from quality.mart_coverage").fetchall())
    for missing in {*OUTCOME_DATASETS} - {*delivered}:
        for item in ITEMS[missing]:
            if any(row[item] is not None for row in marts["person_outcome"].values()):
                found.add(f"person_outcome.{item} has values")
            if scopes.get(f"person_outcome.{item}", "not available") != "not available":
                found.add(f"person_outcome.{item} is {scopes[f'person_outcome.{item}']}")
        found |= {
            f"outcome_by_intervention: {row['outcome']} is observed"
            for row in marts["outcome_by_intervention"].values()
            if row["outcome"] in OUTCOMES[missing]
            and (row["n_observed"] or row["n_with_outcome"] is not None)
        }
    for mart, dataset in (("exclusion", "exclusion"), ("offence_occasion", "offence")):
        if dataset not in delivered:
            found |= {f"{mart} has rows"} if marts[mart] else set()
            found |= {
                f"{item} is {scope}"
                for item, scope in scopes.items()
                if item.startswith(f"{mart}.") and scope != "not available"
            }
    return found


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pupils", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
