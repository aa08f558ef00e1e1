"""The columns of a mart as a statistics program sees them: variables with labels and values."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import duckdb

from social_care_warehouse.console import UserError

LONGEST_NAME = 32  # of Stata; SPSS allows 64
LONGEST_LABEL = 80
YES_NO = ("no", "yes")
_INTEGERS = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"}
_KINDS = {
    "BOOLEAN": "boolean",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
    "VARCHAR": "text",
    "DOUBLE": "number",
    "FLOAT": "number",
}


@dataclass(frozen=True)
class Variable:
    """One column of a mart. `values` are the labels of the codes 0, 1, 2 …, if it has any."""

    column: str
    kind: str  # boolean, integer, number, category, date, timestamp or text
    description: str
    values: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name in Stata and SPSS: the column's own, or a shorter one from the stated map."""
        return self.column if len(self.column) <= LONGEST_NAME else short_names()[self.column]

    @property
    def label(self) -> str:
        """The first sentence of the description, at most 80 characters."""
        text = " ".join(self.description.split())
        sentence = text.split(". ", 1)[0].rstrip(".") or self.column
        if self.name != self.column:
            sentence = f"{self.column}: {sentence}"
        if len(sentence) <= LONGEST_LABEL:
            return sentence
        return sentence[: LONGEST_LABEL - 1].rsplit(" ", 1)[0] + "…"


def variables_of(connection: duckdb.DuckDBPyConnection, mart: str) -> list[Variable]:
    """The variables of a mart, in its order. Raises UserError where a column cannot be exported."""
    rows = connection.execute(
        """
        select column_name, data_type, coalesce(comment, '')
        from duckdb_columns()
        where schema_name = 'marts' and table_name = ?
        order by column_index
        """,
        [mart],
    ).fetchall()
    return [_variable(connection, mart, *row) for row in rows]


@cache
def short_names() -> dict[str, str]:
    """Column names that are too long for Stata, with the names that they have there."""
    text = files(__package__).joinpath("short_names.csv").read_text(encoding="utf-8")
    return {row["column"]: row["short_name"] for row in csv.DictReader(text.splitlines())}


def _variable(
    connection: duckdb.DuckDBPyConnection, mart: str, column: str, data_type: str, comment: str
) -> Variable:
    if len(column) > LONGEST_NAME and column not in short_names():
        raise UserError(
            f"Column {column} of marts.{mart} has a name of more than {LONGEST_NAME} characters."
            " Add a shorter one to short_names.csv."
        )
    if data_type.startswith("ENUM"):
        values = connection.execute(
            f"select unnest(enum_range(null::{data_type}))::varchar"
        ).fetchall()
        return Variable(column, "category", comment, tuple(value for (value,) in values))
    if data_type == "BOOLEAN":
        return Variable(column, "boolean", comment, YES_NO)
    if data_type in _INTEGERS:
        return Variable(column, "integer", comment)
    if data_type in _KINDS or data_type.startswith("DECIMAL"):
        return Variable(column, _KINDS.get(data_type, "number"), comment)
    raise UserError(
        f"Column {column} of marts.{mart} has the type {data_type}, which Stata and SPSS do not"
        " have. Export it as Parquet."
    )
