"""What the model reads from a warehouse, and how its results are written into it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from social_care_warehouse.console import UserError, WorkError
from social_care_warehouse.engine import OFFLINE, check_is_utf_8, set_limits
from social_care_warehouse.files.lock import only_writer_of
from social_care_warehouse.files.paths import cannot_open, is_duckdb_file, real_path, shown
from social_care_warehouse.interrupts import last_step

SQL_DIR = Path(__file__).parent / "sql"


@dataclass(frozen=True)
class Cell:
    """Children of one authority with the same level, birth cohort and sex."""

    authority: str
    level_rank: int
    cohort: str
    sex: str
    n_observed: int
    n_with_outcome: int


@dataclass(frozen=True)
class Authority:
    """What the model knows of an authority. Poverty is None where it is not known."""

    code: str
    log_odds: float
    poverty: float | None


class Warehouse:
    """A warehouse that only the model has open."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path) -> None:
        self._connection = connection
        self._path = path

    def levels(self) -> dict[int, str]:
        """The name of each level of social care by its rank."""
        return dict(self._rows("levels"))

    def outcomes(self) -> list[str]:
        """The outcomes that are counted by authority."""
        return self._names("outcomes")

    def cohorts(self) -> list[str]:
        """The birth cohorts, the oldest first."""
        return self._names("cohorts")

    def measures(self) -> list[str]:
        """What is known of authorities, for example their poverty."""
        return self._names("measures")

    def cells(self, outcome: str, cohorts: Sequence[str]) -> list[Cell]:
        """The children with social care of all authorities."""
        rows = self._rows("cells", outcome=outcome, cohorts=list(cohorts))
        return [Cell(*row) for row in rows]

    def authorities(self, outcome: str, cohorts: Sequence[str], poverty: str) -> list[Authority]:
        """The authorities in which children without social care are observed."""
        rows = self._rows("authorities", outcome=outcome, cohorts=list(cohorts), poverty=poverty)
        return [Authority(*row) for row in rows]

    def write(
        self, terms: Sequence[tuple[object, ...]], effects: Sequence[tuple[object, ...]]
    ) -> None:
        """Replace the tables of results, both or none."""
        try:
            self._connection.begin()
            self._connection.execute(_sql("tables"))
            self._insert("models.area_term", terms)
            self._insert("models.area_effect", effects)
            with last_step():
                self._connection.commit()
                self._connection.execute("checkpoint")
        except duckdb.Error:
            raise WorkError(
                f"The results could not be written into {shown(self._path)}, which is unchanged."
                " Check that the disk has room, then try again."
            ) from None

    def _insert(self, table: str, rows: Sequence[tuple[object, ...]]) -> None:
        """Insert all rows at once. One after the other would take longer than the model."""
        columns = [list(column) for column in zip(*rows, strict=True)]
        values = ", ".join("unnest(?)" for _ in columns)
        self._connection.execute(f"insert into {table} select {values}", columns)

    def _names(self, query: str) -> list[str]:
        return [name for (name,) in self._rows(query)]

    def _rows(self, query: str, **values: object) -> list[tuple[Any, ...]]:
        try:
            return self._connection.execute(_sql(query), values or None).fetchall()
        except duckdb.CatalogException:
            raise UserError(
                f"{shown(self._path)} lacks tables about local authorities: a build with --select"
                " left them out, or an older version built it. Build it again without --select:"
                f" build --database {shown(self._path)}"
            ) from None


@contextmanager
def open_warehouse(database: Path) -> Iterator[Warehouse]:
    """Open a warehouse to read from and write to, under the lock that a build takes."""
    path = real_path(database)
    if not path.is_file():
        raise UserError(f"There is no warehouse {database}. Build one first, or check the path.")
    if not is_duckdb_file(path):
        raise UserError(f"{database} is not a DuckDB database. Choose another file.")
    check_is_utf_8(path)
    with only_writer_of(path):
        try:
            connection = duckdb.connect(str(path), config=OFFLINE)
        except duckdb.Error:
            raise cannot_open(database) from None
        try:
            with connection:
                set_limits(connection)
                yield Warehouse(connection, path)
        finally:
            _remove_empty_log(path)


def _remove_empty_log(path: Path) -> None:
    """DuckDB leaves an empty log where it could not write into the log."""
    log = path.with_name(f"{path.name}.wal")
    with suppress(OSError):
        if not log.stat().st_size:
            log.unlink()


def _sql(name: str) -> str:
    return (SQL_DIR / f"{name}.sql").read_text(encoding="utf-8")
