"""Builds the same synthetic extracts on DuckDB and on Spark and compares the results.

`make test-spark` runs it in an environment with both engines. For each release of the extracts it
builds every model on both engines and compares every table, value for value. On the first release
it also runs the data tests on both engines and compares their counts; on the second, a file of
figures about authorities is added. With `--unit-tests` the unit tests of dbt run on Spark too,
which takes longer than all the rest. It prints a line for each table, with counts and no values,
and exits with 1 if anything differs.

Both releases are built by one Java process, which is faster the second time. Its catalogue is in
memory, because the comparison reads the files of the tables.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import STDOUT, Popen

from dbt.cli.main import dbtRunner
from output import output_to
from pyspark.sql import SparkSession

PROJECT_DIR = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT_DIR / "tests" / "python"), str(PROJECT_DIR / "scripts")]

from commands import run_script  # noqa: E402
from engine_comparison import compare_engines  # noqa: E402

WORK_DIR = PROJECT_DIR / "target" / "test-spark"
# The same for both releases, so that dbt reads the project once for each engine.
DATABASE = WORK_DIR / "warehouse.duckdb"
PARQUET = WORK_DIR / "parquet"
SPARK_DIR = WORK_DIR / "spark-warehouse"
COVARIATES = WORK_DIR / "covariates.csv"
RELEASES = ("latest-episode", "all-episodes")
WITHOUT_UNIT_TESTS = ("--exclude-resource-type", "unit_test")
WITHOUT_DATA_TESTS = ("--exclude-resource-type", "test")
# For a few thousand rows, Spark and Java lose more by generating code, by many parts and by
# compression than they save.
FOR_SMALL_DATA = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.constraintPropagation.enabled": "false",
    "spark.sql.leafNodeDefaultParallelism": "1",
    "spark.sql.parquet.compression.codec": "uncompressed",
    "spark.shuffle.compress": "false",
    "spark.broadcast.compress": "false",
    "spark.ui.showConsoleProgress": "false",
}
ENVIRONMENT = {
    "WAREHOUSE_DB": str(DATABASE),
    "WAREHOUSE_PARQUET": str(PARQUET),
    "WAREHOUSE_SPARK_DIR": str(SPARK_DIR),
    "WAREHOUSE_SPARK_CATALOGUE": "in-memory",
    "WAREHOUSE_SPARK_PARTITIONS": "1",
    "DO_NOT_TRACK": "1",
    "PYSPARK_SUBMIT_ARGS": "".join(
        f"--conf {name}={value} " for name, value in FOR_SMALL_DATA.items()
    )
    + "pyspark-shell",
    # With less than its usual space for generated code (48 MB for one tier), Java fails at random.
    # Half of the memory for what is soon gone: plans of queries.
    "JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m"
    " -XX:+UseSerialGC -XX:NewRatio=1",
}
# Figures about authorities: two years, a negative number that rounds to 0, a quoted name with a
# comma, a code of three digits, an unknown code, an empty line, an unreadable year and value, no
# measure.
FIGURES = Path(__file__).with_name("covariates.csv")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pupils", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--unit-tests", action="store_true")
    options = parser.parse_args()
    shutil.rmtree(WORK_DIR, ignore_errors=True)
    os.environ.update(ENVIRONMENT)
    differences = []
    for release in RELEASES:
        lane = Lane(release)
        lane.deliver(options.pupils, options.seed)
        # Data tests are the same SQL in each release, and unit tests read no extracts.
        is_first = release == RELEASES[0]
        if not is_first:
            lane.add_covariates()
        left_out = () if is_first else WITHOUT_DATA_TESTS
        with lane.building_on_duckdb(*left_out):
            lane.build_on_spark(*left_out, has_unit_tests=is_first and options.unit_tests)
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
        self.results: dict[str, dict[str, tuple[str, int | None]]] = {}

    def deliver(self, n_pupils: int, seed: int) -> None:
        for former in (PARQUET, SPARK_DIR):
            shutil.rmtree(former, ignore_errors=True)
        DATABASE.unlink(missing_ok=True)
        extracts = self.folder / "extracts"
        size = ("--pupils", n_pupils, "--seed", seed, "--datasets", "all")
        for script, *arguments in (
            ("synthesise", extracts, *size, "--release", self.release),
            ("load", extracts, "--database", DATABASE),
            ("load", extracts, "--parquet", PARQUET),
        ):
            done = run_script(script, *arguments)
            if done.returncode:
                sys.exit(f"{script}.py failed: {done.stderr}")

    def add_covariates(self) -> None:
        """Add a file of figures as Windows programs write it, with a mark before the header."""
        figures = FIGURES.read_text(encoding="utf-8")
        COVARIATES.write_text(figures, encoding="utf-8-sig", newline="\r\n")
        os.environ["WAREHOUSE_AREA_COVARIATES"] = str(COVARIATES)

    @contextmanager
    def building_on_duckdb(self, *options: str) -> Iterator[None]:
        """Run `dbt build` in another process meanwhile. Its output goes to a file."""
        arguments = _arguments("duckdb", "build", *WITHOUT_UNIT_TESTS, *options)
        command = (sys.executable, "-m", "dbt.cli.main", *arguments)
        with (
            (self.folder / "duckdb.txt").open("w", encoding="utf-8") as output,
            Popen(command, cwd=PROJECT_DIR, stdout=output, stderr=STDOUT),
        ):
            yield
        self._keep("duckdb")

    def build_on_spark(self, *options: str, has_unit_tests: bool) -> None:
        """Run `dbt build` in this process, then end the session with its catalogue."""
        self._run_on_spark("build", *WITHOUT_UNIT_TESTS, *options)
        if has_unit_tests:
            # After the build, the types of the expected values are those of the built models.
            self._run_on_spark("test", "--resource-type", "unit_test")
        with output_to(self.folder / "spark.txt"):
            SparkSession.builder.getOrCreate().stop()

    def _run_on_spark(self, *arguments: str) -> None:
        with output_to(self.folder / "spark.txt"):
            dbtRunner().invoke([*_arguments("spark", *arguments)])
        self._keep("spark")

    def _keep(self, engine: str) -> None:
        """Keep the results of a run of dbt, and end if something failed."""
        file = _folder(engine) / "run_results.json"
        run = json.loads(file.read_text("utf-8")) if file.exists() else {}
        results = run.get("results", [])
        file.unlink(missing_ok=True)
        failed = [r["unique_id"] for r in results if r["status"] in ("error", "fail")]
        if failed or not results:
            names = ", ".join(failed) or "no node was run"
            sys.exit(
                f"dbt failed on {engine}, {self.release}: {names} (see {self.folder / engine}.txt)"
            )
        self.results.setdefault(engine, {}).update(
            (result["unique_id"], (result["status"], result["failures"]))
            for result in results
            if result["unique_id"].startswith("test.")
        )
        print(
            f"{self.release} on {engine}: {len(results)} nodes in {run['elapsed_time']:.0f} s",
            flush=True,
        )

    def differences(self) -> list[str]:
        """Compare and print; return the names of what differs."""
        print(f"\n{self.release}")
        tables = compare_engines(DATABASE, SPARK_DIR / "warehouse")
        print(*tables, sep="\n")
        tests = self._differing_tests()
        n_both = len(self.results["duckdb"].keys() & self.results["spark"].keys())
        if n_both:
            print(f"{n_both} data tests ran on both engines, {len(tests)} with other counts")
        print(flush=True)
        return [table.table for table in tables if table.differences] + tests

    def _differing_tests(self) -> list[str]:
        """Data tests that ran on both engines with different results."""
        on_duckdb, on_spark = self.results["duckdb"], self.results["spark"]
        return [
            test.split(".")[2]
            for test, result in on_duckdb.items()
            if test in on_spark and on_spark[test] != result
        ]


def _folder(engine: str) -> Path:
    """Where dbt writes what it makes of the project for an engine."""
    return WORK_DIR / f"dbt-{engine}"


def _arguments(engine: str, command: str, *options: str) -> tuple[str, ...]:
    folder = str(_folder(engine))
    return (
        command, *options, "--target", engine, "--project-dir", str(PROJECT_DIR),
        "--profiles-dir", str(PROJECT_DIR / "profiles"),
        "--target-path", folder, "--log-path", folder,
    )  # fmt: skip


if __name__ == "__main__":
    main()
