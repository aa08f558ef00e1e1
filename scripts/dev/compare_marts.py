"""Compares every table of two warehouses value for value: compare_marts.py OLD.duckdb NEW.duckdb.

The order of rows and of columns does not matter, and NULL equals NULL. A file of renames says which
table, column or value of OLD has another name in NEW:

    tables:                 # old name: new name
      marts.delivery_scope: quality.mart_coverage
    columns:                # by new table, or "*" for every table; old name: new name
      "*": {n_of_pupils: n_pupils}
      quality.warning: {sentence: message}
    values:                 # by new table and new column; old value: new value
      quality.mart_coverage: {scope: {"all of it": complete}}
    ignore:                 # columns that are not compared, by new table
      quality.row_accounting: [file]

Prints one line for each table, with counts and names of columns, never a value. Exits 0 if all is
equal, 1 if anything differs.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click
import duckdb
import yaml

from social_care_warehouse.sql_text import identifier, literal

SCHEMAS = ("lookups", "marts", "quality")
TABLES = """
    select table_schema || '.' || table_name
    from information_schema.tables
    where table_schema in (select unnest(?)) and table_catalog = current_database()
        and (table_type = 'BASE TABLE' or ?)
    order by all
"""
FLOATS = ("DOUBLE", "FLOAT")
NUMBERS = (*FLOATS, "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "DECIMAL")
# `except all` counts copies: two equal rows on one side and one on the other are a difference.
DIFFERENCE = """
    with
        first as materialized ({first}),
        second as materialized ({second})
    select
        (select count(*) from first),
        (select count(*) from second),
        (select count(*) from (from first except all from second)),
        (select count(*) from (from second except all from first)),
"""


def count_differences(
    connection: duckdb.DuckDBPyConnection, first: str, second: str
) -> tuple[int, int, int, int]:
    """Rows of the first query, of the second, only in the first and only in the second."""
    counts = connection.execute(DIFFERENCE.format(first=first, second=second)).fetchone()
    assert counts
    return counts


@dataclass(frozen=True)
class Renames:
    """What has another name in the new warehouse."""

    tables: dict[str, str] = field(default_factory=dict)
    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    values: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    ignore: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path | None) -> Renames:
        content = yaml.safe_load(path.read_text(encoding="utf-8")) if path else None
        try:
            return cls(**(content or {}))
        except TypeError:
            raise click.UsageError(
                f"{path} may only have the keys tables, columns, values and ignore."
            ) from None

    def column(self, table: str, name: str) -> str:
        """The new name of a column of a table of the old warehouse."""
        everywhere = self.columns.get("*", {})
        return self.columns.get(table, {}).get(name, everywhere.get(name, name))


class Warehouse:
    """One of the two warehouses, its tables and columns under their new names."""

    def __init__(
        self,
        path: Path,
        name: str,
        schemas: Sequence[str],
        renames: Renames,
        has_views: bool = True,
    ) -> None:
        # As a user opens it, because a view names the database that it is in.
        self.connection = duckdb.connect(str(path), read_only=True)
        self.folder = path.parent
        self.name = name
        self.renames = renames
        found = self.connection.execute(TABLES, [list(schemas), has_views]).fetchall()
        self.tables = {renames.tables.get(name, name): name for (name,) in found}

    def columns(self, table: str) -> dict[str, tuple[str, str]]:
        """The name here and the type of each column."""
        rows = self.connection.execute(f"describe {self.tables[table]}").fetchall()
        ignored = self.renames.ignore.get(table, [])
        columns = {self.renames.column(table, row[0]): (row[0], str(row[1])) for row in rows}
        return {name: column for name, column in columns.items() if name not in ignored}

    def write(self, table: str, columns: dict[str, bool], path: Path) -> None:
        """Write columns as text to a Parquet file; True for a column that is a floating number."""
        here = self.columns(table)
        items = ", ".join(
            f"{self._text(table, name, here[name][0], is_float)} as {identifier(name)}"
            for name, is_float in columns.items()
        )
        query = f"select {items or '1 as one'} from {self.tables[table]}"
        self.connection.execute(f"copy ({query}) to {literal(path)} (format parquet)")

    def _text(self, table: str, name: str, name_here: str, is_float: bool) -> str:
        if is_float:
            # The last digits of a sum depend on the order in which threads add.
            return f"printf('%.12g', cast({identifier(name_here)} as double))"
        text = f"cast({identifier(name_here)} as varchar)"
        values = self.renames.values.get(table, {}).get(name, {})
        cases = "".join(f" when {literal(old)} then {literal(new)}" for old, new in values.items())
        return f"case {text}{cases} else {text} end" if cases else text


@dataclass(frozen=True)
class Comparison:
    """One table: what is different, in words and without values. Empty if it is equal."""

    table: str
    n_rows: int
    differences: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.table}: {'; '.join(self.differences) or f'equal ({self.n_rows:,} rows)'}"


def compare(old: Warehouse, new: Warehouse, is_exact: bool = False) -> Iterator[Comparison]:
    """Compare each table that either warehouse has.

    In an exact comparison all digits of a number and the order of the columns matter.
    """
    with tempfile.TemporaryDirectory(dir=new.folder) as folder:
        for table in sorted(old.tables.keys() | new.tables.keys()):
            if table not in new.tables:
                yield Comparison(table, 0, (f"only in {old.name}",))
            elif table not in old.tables:
                yield Comparison(table, 0, (f"only in {new.name}",))
            else:
                yield _compare_table(table, old, new, Path(folder), is_exact)


def _compare_table(
    table: str, old: Warehouse, new: Warehouse, folder: Path, is_exact: bool
) -> Comparison:
    of_old, of_new = old.columns(table), new.columns(table)
    differences = [f"column {name} missing" for name in of_old if name not in of_new]
    differences += [f"column {name} added" for name in of_new if name not in of_old]
    if is_exact and not differences and list(of_old) != list(of_new):
        differences.append("columns in another order")
    columns = {}
    for name in (name for name in of_old if name in of_new):
        types = [_type(columns_of[name][1]) for columns_of in (of_old, of_new)]
        if types[0] != types[1]:
            differences.append(f"column {name} was {types[0]}, is {types[1]}")
        numeric = all(one.startswith(NUMBERS) for one in types) and not is_exact
        columns[name] = numeric and (types[0] != types[1] or types[0] in FLOATS)
    paths = (folder / "old.parquet", folder / "new.parquet")
    for warehouse, path in zip((old, new), paths, strict=True):
        warehouse.write(table, columns, path)
    rows = [f"from read_parquet({literal(path)})" for path in paths]
    with duckdb.connect(config={"temp_directory": str(folder / "spill")}) as connection:
        n_old, n_new, only_old, only_new = count_differences(connection, *rows)
        different = []
        for name in columns if n_old == n_new and only_old else ():
            queries = (f"select {identifier(name)} {of}" for of in rows)
            if any(count_differences(connection, *queries)[2:]):
                different.append(name)
    if only_old or only_new:
        differences.append(
            f"{only_old:,} of {n_old:,} rows only in {old.name},"
            f" {only_new:,} of {n_new:,} only in {new.name}"
            + (f" (columns with other values: {', '.join(different)})" if different else "")
        )
    return Comparison(table, n_new, tuple(differences))


def _type(name: str) -> str:
    """The type of a column; an enum counts as text, because its words are compared."""
    return "VARCHAR" if name.startswith("ENUM(") else name


# \b keeps the lines of the example apart.
HELP = (__doc__ or "").replace("\n\n    ", "\n\n\b\n    ")


@click.command(help=HELP)
@click.argument("old", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("new", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--renames", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--schema", "schemas", multiple=True, default=SCHEMAS, show_default=True,
    help="A schema to compare. May be given several times.",
)  # fmt: skip
def main(old: Path, new: Path, renames: Path | None, schemas: tuple[str, ...]) -> None:
    n_equal = n_different = 0
    given = Renames.read(renames)
    before = Warehouse(old, "the old warehouse", schemas, given)
    after = Warehouse(new, "the new warehouse", schemas, Renames(ignore=given.ignore))
    for comparison in compare(before, after):
        click.echo(str(comparison))
        n_equal += not comparison.differences
        n_different += bool(comparison.differences)
    click.echo(f"{n_equal} tables are equal, {n_different} differ.")
    if not n_equal + n_different:
        raise click.UsageError(f"Neither file has a table in the schemas {', '.join(schemas)}.")
    sys.exit(1 if n_different else 0)


if __name__ == "__main__":
    main()
