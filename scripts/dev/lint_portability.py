"""Finds SQL that DuckDB 1.5, DuckDB 2.0 and Spark do not read alike, outside macros/engine.

What to look for, why, and what to write instead stands in portability_rules.yml. A file is read
with its comments and Jinja code blanked out; texts inside Jinja code stay, since macros take pieces
of SQL, and of texts in SQL the insides are looked at by themselves. Of a YAML file, the types of
columns and the SQL in arguments of tests are read.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from dev.portability.rules import Finding, Rule, find, read_rules
from dev.portability.sql_text import is_of_one_engine
from dev.portability.yaml_sql import find_in_yaml
from social_care_warehouse.console import PROJECT_DIR

FOLDERS = ("models", "macros", "seeds", "tests/singular")
WHERE_DIFFERENCES_LIVE = "macros/engine"


def sql_files(project_dir: Path) -> Iterator[Path]:
    """The files that must be plain SQL."""
    for folder in FOLDERS:
        for path in sorted((project_dir / folder).rglob("*.*")):
            if path.is_relative_to(project_dir / WHERE_DIFFERENCES_LIVE):
                continue
            if path.suffix == ".sql" and is_of_one_engine(path.read_text(encoding="utf-8")):
                continue
            if path.suffix in (".sql", ".yml", ".yaml"):
                yield path


def find_in_file(project_dir: Path, path: Path, rules: list[Rule]) -> list[Finding]:
    """Every construct of the rules in a file, but for those that have their home in it."""
    name = path.relative_to(project_dir).as_posix()
    search = find if path.suffix == ".sql" else find_in_yaml
    return search(path.read_text(encoding="utf-8"), [rule for rule in rules if rule.home != name])


def main(project_dir: Path = PROJECT_DIR) -> None:
    rules, n_files, n_findings = read_rules(), 0, 0
    for path in sql_files(project_dir):
        n_files += 1
        for finding in find_in_file(project_dir, path, rules):
            n_findings += 1
            print(f"{path.relative_to(project_dir)}:{finding}")
    if n_findings:
        sys.exit("SQL that differs between engines belongs in macros/engine, behind a dispatch.")
    print(f"{n_files} files have nothing of {len(rules)} constructs that differ between engines.")


if __name__ == "__main__":
    main()
