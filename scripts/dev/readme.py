"""Runs the examples of README.md on a warehouse, and checks or fills in the output below each.

An example is a block of SQL or Python with a block of text after it. The README shows the output
for the default synthetic extracts. `make readme` makes them, builds, and fills the outputs in.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click
import duckdb

from social_care_warehouse.console import (
    PROJECT_DIR,
    PlainCommand,
    UserError,
    console,
    speaks_plainly,
)

README = PROJECT_DIR / "README.md"
EXAMPLE = re.compile(
    r"```(?P<language>sql|python)\n(?P<code>.*?)```\n\n```text\n(?P<output>.*?)```", re.DOTALL
)


def run_example(language: str, code: str, database: Path) -> str:
    """What an example prints when it runs in the folder of `database` (warehouse.duckdb)."""
    if language == "sql":
        with duckdb.connect(str(database), read_only=True) as connection:
            printed = str(connection.sql(code))
    else:
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=database.parent,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        if done.returncode:
            raise UserError(f"An example of README.md fails: {done.stderr.splitlines()[-1]}")
        printed = done.stdout
    return "\n".join(line.rstrip() for line in printed.strip().splitlines()) + "\n"


def with_outputs(text: str, database: Path) -> str:
    """The README with the true output under each of its examples."""

    def fill(example: re.Match[str]) -> str:
        output = run_example(example["language"], example["code"], database)
        return f"```{example['language']}\n{example['code']}```\n\n```text\n{output}```"

    return EXAMPLE.sub(fill, text)


@click.command(cls=PlainCommand, help=__doc__)
@click.option(
    "--database", required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option("--check", is_flag=True, help="Change nothing; fail if any output differs.")
@speaks_plainly
def readme(database: Path, check: bool) -> None:
    if database.name != "warehouse.duckdb":
        raise UserError("The examples read warehouse.duckdb. Give the database this name.")
    before = README.read_text(encoding="utf-8")
    after = with_outputs(before, database.resolve())
    if before == after:
        console.print(
            f"README.md shows the true output of {len(EXAMPLE.findall(before))} examples."
        )
    elif check:
        raise UserError("README.md shows output that its examples do not give. Run `make readme`.")
    else:
        README.write_text(after, encoding="utf-8")
        console.print("README.md now shows the output of its examples.")


if __name__ == "__main__":
    readme()
