"""Builds the same synthetic extracts on DuckDB and on Spark and compares the results.

`make test-spark` runs it in an environment with both engines. For each release of the extracts it
builds every model on both engines and compares every table, value for value. On the first release
it also runs the data tests on both engines and compares their counts. With `--unit-tests` the unit
tests of dbt run on Spark too, which takes ten minutes more. It prints a line for each table, with
counts and no values, and exits with 1 if anything differs.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT_DIR / "tests" / "python"), str(PROJECT_DIR / "scripts")]

from commands import run_script  # noqa: E402
from engine_comparison import compare  # noqa: E402

WORK_DIR = PROJECT_DIR / "target" / "test-spark"
RELEASES = ("latest-episode", "all-episodes")
WITHOUT_UNIT_TESTS = ("--exclude-resource-type", "unit_test")
WITHOUT_DATA_TESTS = ("--exclude-resource-type", "test")
# For a few thousand rows, Spark and Java lose more by generating code than they save.
FOR_SMALL_DATA = {
    "PYSPARK_SUBMIT_ARGS": "--conf spark.sql.codegen.wholeStage=false"
    " --conf spark.sql.adaptive.enabled=false pyspark-shell",
    # With less than its usual space for generated code (48 MB for one tier), Java fails at random.
    "JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m -XX:+UseSerialGC",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pupils", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--unit-tests", action="store_true")
    options = parser.parse_args()
    shutil.rmtree(WORK_DIR, ignore_errors=True)
    differences = []
    for release in RELEASES:
        lane = Lane(release)
        lane.deliver(options.pupils, options.seed)
        # Data tests are the same SQL in each release, and unit tests read no extracts.
        is_first = release == RELEASES[0]
        left_out = () if is_first else WITHOUT_DATA_TESTS
        lane.build("duckdb", *WITHOUT_UNIT_TESTS, *left_out)
        has_unit_tests = is_first and options.unit_tests
        lane.build("spark", *(() if has_unit_tests else WITHOUT_UNIT_TESTS), *left_out)
        differences += lane.differences()
    if differences:
        sys.exit(f"DuckDB and Spark differ in: {', '.join(differences)}.")
    print("DuckDB and Spark agree.")


class Lane:
    """One release of the extracts, and the results of both engines."""

    def __init__(self, release: str) -> None:
        self.release = release
        self.folder = WORK_DIR / release
        self.folder.mkdir(parents=True)
        self.database = self.folder / "warehouse.duckdb"
        self.results: dict[str, dict[str, tuple[str, int | None]]] = {}

    def deliver(self, n_pupils: int, seed: int) -> None:
        extracts = self.folder / "extracts"
        size = ("--pupils", n_pupils, "--seed", seed, "--datasets", "all")
        for script, *arguments in (
            ("synthesise", extracts, *size, "--release", self.release),
            ("load", extracts, "--database", self.database),
            ("load", extracts, "--parquet", self.folder / "parquet"),
        ):
            done = run_script(script, *arguments)
            if done.returncode:
                sys.exit(f"{script}.py failed: {done.stderr}")

    def build(self, engine: str, *options: str) -> None:
        """Run `dbt build`. Its output goes to a file, because it is only needed after a failure."""
        target, started = self.folder / engine, time.monotonic()
        target.mkdir()
        with (target / "output.txt").open("w") as output:
            done = subprocess.run(
                [
                    sys.executable, "-m", "dbt.cli.main", "build", *options, "--target", engine,
                    "--project-dir", str(PROJECT_DIR), "--profiles-dir", "profiles",
                    "--target-path", str(target), "--log-path", str(target),
                ],
                cwd=PROJECT_DIR,
                env=os.environ | self._environment(),
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )  # fmt: skip
        results = json.loads((target / "run_results.json").read_text("utf-8"))["results"]
        failed = [r["unique_id"] for r in results if r["status"] in ("error", "fail")]
        if done.returncode or failed:
            sys.exit(
                f"dbt build failed on {engine}, {self.release}: {', '.join(failed)}"
                f" (see {output.name})"
            )
        self.results[engine] = {
            result["unique_id"]: (result["status"], result["failures"])
            for result in results
            if result["unique_id"].startswith("test.")
        }
        print(
            f"{self.release} on {engine}: {len(results)} nodes"
            f" in {time.monotonic() - started:.0f} s",
            flush=True,
        )

    def _environment(self) -> dict[str, str]:
        return {
            "WAREHOUSE_DB": str(self.database),
            "WAREHOUSE_PARQUET": str(self.folder / "parquet"),
            "WAREHOUSE_SPARK_DIR": str(self.folder / "spark-warehouse"),
            "DO_NOT_TRACK": "1",
            **FOR_SMALL_DATA,
        }

    def differences(self) -> list[str]:
        """Compare and print; return the names of what differs."""
        heads = ("DuckDB", "Spark", "only DuckDB", "only Spark")
        print(f"\n{self.release:<44}" + "".join(f"{head:>13}" for head in heads))
        tables = compare(self.database, self.folder / "spark-warehouse" / "warehouse")
        for table in tables:
            counts = (table.n_duckdb, table.n_spark, table.only_duckdb, table.only_spark)
            cells = ("none" if count is None else f"{count:,}" for count in counts)
            columns = ", ".join(table.differing_columns)
            print(
                f"{table.table:<44}"
                + "".join(f"{cell:>13}" for cell in cells)
                + (f"  columns differ: {columns}" if columns else "")
            )
        tests = self._differing_tests()
        n_both = len(self.results["duckdb"].keys() & self.results["spark"].keys())
        if n_both:
            print(f"{n_both} data tests ran on both engines, {len(tests)} with other counts")
        print(flush=True)
        alike = {table.table for table in tables if table.is_alike}
        return [table.table for table in tables if table.table not in alike] + tests

    def _differing_tests(self) -> list[str]:
        """Data tests that ran on both engines with different results."""
        on_duckdb, on_spark = self.results["duckdb"], self.results["spark"]
        return [
            test.split(".")[2]
            for test, result in on_duckdb.items()
            if test in on_spark and on_spark[test] != result
        ]


if __name__ == "__main__":
    main()
