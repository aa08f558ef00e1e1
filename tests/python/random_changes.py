"""A copy of the project and a delivery that change at random, and two warehouses of them.

One is built again after every change, the other from nothing. They must hold the same.
"""

from __future__ import annotations

import csv
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
from commands import PROJECT_DIR, WIDE, run
from warehouses import contents

from dev.rebuild_times import Project
from social_care_warehouse.building.dbt_process.kept_sql import (
    KeptNode,
    read_kept_sql,
    write_kept_sql,
)

SCHEMAS = ("lookups", "staging", "intermediate", "marts", "quality")
COMMENTS = """
    select schema_name, table_name, '' as column_name, comment
    from duckdb_tables() where schema_name <> 'raw'
    union all
    select schema_name, view_name, '', comment from duckdb_views() where not internal
    union all
    select schema_name, table_name, column_name, comment
    from duckdb_columns() where schema_name not in ('raw', 'meta') and not internal
    order by all
"""
NOT_INSTALLED = f"""
import sys
sys.path[:] = [path for path in sys.path if path != {str(PROJECT_DIR / "scripts")!r}]
"""
RESULTS = """
    select test_name, test_type, status, n_failures from meta.test_result order by all
"""


class Lab:
    """The copy, the delivery, and what is done with them. `releases` are folders of extracts."""

    def __init__(self, folder: Path, releases: list[Path], chance: random.Random) -> None:
        self.chance = chance
        self.project = folder / "project"
        self.delivery = folder / "delivery"
        self.again = folder / "again.duckdb"
        self._releases = releases
        self._fresh = folder / "fresh.duckdb"
        self._options: list[str] = []
        Project(self.project)
        # The copy must find its own package, as where none is installed.
        self._site = folder / "site"
        self._site.mkdir()
        (self._site / "sitecustomize.py").write_text(NOT_INSTALLED, encoding="utf-8")
        self._deliver(releases[0])

    @property
    def changes(self) -> dict[str, Callable[[], None]]:
        """What can change, by its name."""
        return {
            "definition": self._change_definition,
            "variable of the project": self._change_variable,
            "label in a code list": self._change_label,
            "macro": self._change_macro,
            "model": self._change_model,
            "description": self._change_description,
            "file changed": self._change_file,
            "file renamed": self._rename_file,
            "file split in two": self._split_file,
            "file removed": self._remove_file,
            "release": self._change_release,
        }

    def build_again(self, *options: str) -> str:
        """Build what changed; gives what the command said."""
        return self._build(self.again, *options)

    def differences(self) -> list[str]:
        """Build from nothing, and name the tables that are not the same."""
        self._fresh.unlink(missing_ok=True)
        self._build(self._fresh)
        return self.differences_to_fresh()

    def differences_to_fresh(self) -> list[str]:
        """Name the tables that are not the same in the warehouse that was built from nothing."""
        fresh, again = (self._all_of(path) for path in (self._fresh, self.again))
        return sorted(
            name for name in fresh | again if name not in fresh or fresh[name] != again.get(name)
        )

    def kept_sql(self) -> list[Path]:
        """The files with the SQL of earlier builds."""
        return list((self.project / "target/build/sql").glob("*.json"))

    def change_a_check(self, query: str) -> set[str]:
        """Put another query into each kept SQL of one check; gives the names of these checks."""
        names = set()
        for path in self.kept_sql():
            kept = read_kept_sql(path)
            assert kept
            unique_id = next(name for name in sorted(kept.nodes) if kept.nodes[name].test_type)
            nodes = kept.nodes | {unique_id: KeptNode([query], "logic", "ERROR")}
            write_kept_sql(path, replace(kept, nodes=nodes))
            names.add(kept.project["nodes"][unique_id]["name"])
        return names

    def _build(self, database: Path, *options: str) -> str:
        done = self.try_to_build(database, *options)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def try_to_build(self, database: Path, *options: str) -> subprocess.CompletedProcess[str]:
        """Run the command."""
        return run(
            sys.executable, self.project / "scripts/build.py", self.delivery,
            "--database", database, *self._options, *options,
            environment=WIDE | {"PYTHONPATH": str(self._site)},
        )  # fmt: skip

    @staticmethod
    def _all_of(database: Path) -> dict[str, object]:
        found: dict[str, object] = dict(contents(database, *SCHEMAS))
        for name in [name for name in found if name.startswith("staging.")]:
            # The time of the load is in the rows of staging.
            found[name] = len(found[name])  # type: ignore[arg-type]
        with duckdb.connect(database, read_only=True) as connection:
            found["descriptions"] = connection.execute(COMMENTS).fetchall()
            found["results of tests"] = connection.execute(RESULTS).fetchall()
        return found

    def _change_definition(self) -> None:
        definitions = self.project / "seeds/definitions/intervention_definitions.csv"
        with definitions.open(encoding="utf-8", newline="") as lines:
            names = [row["definition"] for row in csv.DictReader(lines)]
        self._options = [
            "--definition", self.chance.choice(names),
            "--max-gap-days", self.chance.choice(["0", "5"]),
            "--children-represented", self.chance.choice(["0", "1000000"]),
        ]  # fmt: skip

    def _change_variable(self) -> None:
        days = self.chance.randint(1, 29)
        self._rewrite("dbt_project.yml", r"(corrected_date_max_days:) \d+", rf"\1 {days}")

    def _change_label(self) -> None:
        seeds = ("placement", "legal_status", "primary_need", "category_of_abuse")
        path = self.project / "seeds/lookups" / f"{self.chance.choice(seeds)}.csv"
        with path.open(encoding="utf-8", newline="") as lines:
            header, *rows = csv.reader(lines)
        row = self.chance.choice(rows)
        row[header.index("label")] += f" {self.chance.randint(1, 99)}"
        with path.open("w", encoding="utf-8", newline="") as lines:
            csv.writer(lines, lineterminator="\n").writerows([header, *rows])

    def _change_macro(self) -> None:
        days = self.chance.randint(1, 28)
        self._rewrite("macros/dates/too_early.sql", r"3, \d+\)", f"3, {days})")

    def _change_model(self) -> None:
        words = f"nothing published {self.chance.randint(1, 99)}"
        self._rewrite("models/quality/yearly_count.sql", r"'nothing published.*?'", f"'{words}'")

    def _change_description(self) -> None:
        words = f"description: {self.chance.randint(1, 99)} "
        place = "models/intermediate/in_need/int_cin_plan.yml"
        self._rewrite(place, r"description: (?=\w)(?:\d+ )?", words)

    def _change_file(self) -> None:
        path = self.chance.choice(self._files())
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(lines[: -self.chance.randint(1, 9)]), encoding="utf-8")

    def _rename_file(self) -> None:
        path = self.chance.choice(self._files())
        path.rename(path.with_stem(f"{path.stem}_{self.chance.randint(1, 99)}"))

    def _split_file(self) -> None:
        path = self.chance.choice(self._files())
        header, *lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        where = self.chance.randint(1, len(lines) - 1)
        path.write_text("".join([header, *lines[:where]]), encoding="utf-8")
        rest = path.with_stem(f"{path.stem}_b{self.chance.randint(1, 99)}")
        rest.write_text("".join([header, *lines[where:]]), encoding="utf-8")

    def _remove_file(self) -> None:
        if len(files := self._files()) > 1:
            self.chance.choice(files).unlink()

    def _change_release(self) -> None:
        self._deliver(self.chance.choice(self._releases))

    def _deliver(self, release: Path) -> None:
        shutil.rmtree(self.delivery, ignore_errors=True)
        self.delivery.mkdir()
        for path in release.glob("*.csv"):
            shutil.copy(path, self.delivery)

    def _files(self) -> list[Path]:
        return sorted(self.delivery.glob("*.csv"))

    def _rewrite(self, name: str, pattern: str, replacement: str) -> None:
        path = self.project / name
        text, n_changed = re.subn(pattern, replacement, path.read_text(encoding="utf-8"), count=1)
        assert n_changed, f"{name} no longer has what this changes"
        path.write_text(text, encoding="utf-8")
