"""Checks that the rules of the portability linter speak the truth, on DuckDB and on Spark.

Run by `make test-spark`. The good example of a rule must give the same on both engines; the bad
one must fail on one of them or give something else.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT_DIR / "scripts")]

import duckdb  # noqa: E402
from pyspark.sql import SparkSession  # noqa: E402

from dev.portability.rules import Rule, read_rules  # noqa: E402

SETTINGS = {
    "spark.master": "local[1]",
    "spark.sql.ansi.enabled": "true",
    "spark.ui.enabled": "false",
    "spark.log.level": "OFF",
}


def main() -> None:
    with unheard():
        wrong = wrong_rules(read_rules())
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"{len(read_rules())} rules of portability were tried on both engines and hold.")


def wrong_rules(rules: list[Rule]) -> list[str]:
    """What is untrue of the rules, a sentence each."""
    builder = SparkSession.builder
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    spark, connection = builder.getOrCreate(), duckdb.connect()

    def on_duckdb(sql: str) -> list:
        return connection.execute(sql).fetchall()

    def on_spark(sql: str) -> list:
        return [tuple(row) for row in spark.sql(sql).collect()]

    wrong = []
    for rule in rules:
        good = [answer(engine, rule.good) for engine in (on_duckdb, on_spark)]
        bad = [answer(engine, rule.bad) for engine in (on_duckdb, on_spark)]
        if good[0] is None or good[0] != good[1]:
            wrong.append(f"The good example of {rule.name!r} is not the same on both engines.")
        if bad[0] is not None and bad[0] == bad[1]:
            wrong.append(f"The bad example of {rule.name!r} is the same on both engines.")
    spark.stop()
    return wrong


@contextmanager
def unheard() -> Iterator[None]:
    """Standard error goes nowhere: Java and pyspark tell each failed query there, at length."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def answer(engine: Callable[[str], list], sql: str) -> list | None:
    """What an engine gives, or None where it gives an error."""
    try:
        return engine(sql)
    except Exception:
        return None


if __name__ == "__main__":
    main()
