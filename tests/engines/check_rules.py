"""Checks the rules of scripts/dev/portability on DuckDB and on Spark.

Run by `make test-spark`. Both engines must accept both examples of a rule. The good example must
give the same answer on both, the bad example different ones.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import yaml
from output import output_to
from pyspark.sql import SparkSession

RULES = Path(__file__).resolve().parents[2] / "scripts" / "dev" / "portability" / "rules.yml"
Answer = list[tuple[object, ...]]
SETTINGS = {
    "spark.master": "local[1]",
    "spark.sql.ansi.enabled": "true",
    "spark.ui.enabled": "false",
    "spark.log.level": "OFF",
}


def main() -> None:
    rules = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    # Java and pyspark describe each failed query at length.
    with output_to(Path(os.devnull)):
        wrong = wrong_rules(rules)
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"{len(rules)} portability rules were tried on both engines and are right.")


def wrong_rules(rules: list[dict[str, str]]) -> list[str]:
    """What is wrong with the rules, a sentence each."""
    builder = SparkSession.builder
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    spark, connection = builder.getOrCreate(), duckdb.connect()

    def on_duckdb(sql: str) -> Answer:
        return connection.execute(sql).fetchall()

    def on_spark(sql: str) -> Answer:
        return [tuple(row) for row in spark.sql(sql).collect()]

    wrong = []
    for rule in rules:
        for example in ("good", "bad"):
            answers = [answer(engine, rule[example]) for engine in (on_duckdb, on_spark)]
            name = f"The {example} example of {rule['name']}"
            if None in answers:
                engine = ("DuckDB", "Spark")[answers.index(None)]
                wrong.append(f"{name} is an error on {engine}.")
            elif (answers[0] == answers[1]) != (example == "good"):
                wrong.append(f"{name} gives {'the same' if example == 'bad' else 'other'} answers.")
    spark.stop()
    return wrong


def answer(engine: Callable[[str], Answer], sql: str) -> Answer | None:
    """The answer of an engine, or None if the query is an error."""
    try:
        return engine(sql)
    except Exception:
        return None


if __name__ == "__main__":
    main()
