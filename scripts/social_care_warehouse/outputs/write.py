"""Writes a folder of outputs: what may leave in one folder, what may not in another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from social_care_warehouse.console import UserError, WorkError
from social_care_warehouse.engine import MEMORY_TO_READ, open_warehouse, refuse_unrecorded
from social_care_warehouse.files.lock import only_writer_of
from social_care_warehouse.files.paths import real_path
from social_care_warehouse.files.replace import check_target, replacing
from social_care_warehouse.files.work_folder import files_for_owner_only
from social_care_warehouse.interrupts import last_step
from social_care_warehouse.outputs.chart import chart_spec, draw
from social_care_warehouse.outputs.manifest import (
    Build,
    Output,
    build_of,
    manifest,
    request,
    true_counts,
    true_statistics,
)
from social_care_warehouse.outputs.protect import protect
from social_care_warehouse.outputs.query import read_true_table
from social_care_warehouse.outputs.register import (
    Entry,
    Register,
    check_earlier,
    earlier_outputs,
    entry_of,
)
from social_care_warehouse.outputs.release import released
from social_care_warehouse.outputs.rules import Rules, load_rules
from social_care_warehouse.outputs.specification import (
    Specification,
    load_specifications,
    without_rows,
)

RELEASE = "release"
NOT_FOR_RELEASE = "not-for-release"
REGISTER_NAME = "outputs_register.json"
_WARNING = """\
NOT FOR RELEASE. These files hold unrounded counts, and small ones among them.

They are for the person who checks the files in the folder release. Keep them in the secure
environment. NAME.counts.csv has every count before and after protection, NAME.values.csv every
mean, median and ratio before it, and NAME.sql the query. earlier_outputs.csv has the folder of
every earlier table in the register.
"""


@dataclass(frozen=True)
class Order:
    """The options of the command."""

    database: Path
    folder: Path
    specification: str | None = None
    is_exact: bool = False
    replace: bool = False
    rules: Path | None = None
    register: Path | None = None


@dataclass(frozen=True)
class Written:
    """What was written: names of tables with hidden numbers, and those that were left out.

    `n_numbers` are all numbers of a table, hidden ones included. `without_rows` are ready-made
    tables that the warehouse has no rows for, with their marts. `conflicting` are ready-made tables
    that would reveal small counts together with others.
    """

    n_hidden: dict[str, int]
    n_numbers: dict[str, int]
    earlier: dict[str, str]
    left_out: list[str]
    conflicting: list[str]
    register: Path
    without_rows: dict[str, str]


def write_outputs(order: Order, report: Callable[[str], None] = lambda sentence: None) -> Written:
    """Write tables for release into a new folder, all or nothing.

    Raises UserError for what is wrong in the order, WorkError where a table cannot be made safe.
    """
    folder = real_path(order.folder)
    rules = load_rules(order.rules)
    _check_folder(folder, replace=order.replace)
    register_path = real_path(order.register or folder.parent / REGISTER_NAME)
    with files_for_owner_only(), opened(order.database) as connection:
        specifications = load_specifications(order.specification, connection)
        if not specifications:
            raise UserError(
                f"No ready-made table can be made: {order.database} has none of their marts, or"
                " they are empty. Build it without --select, or describe a table with --spec."
            )
        lacking = {} if order.specification else without_rows(connection)
        build = build_of(connection)
        with replacing(folder) as work, only_writer_of(register_path):
            register = Register.read(register_path)
            outputs: list[Output] = []
            left_out, conflicting, entries = [], [], list(register.entries)
            conflict: WorkError | None = None
            for specification in specifications:
                report(f"Making {specification.name}")
                try:
                    output = _made(connection, specification, rules, entries, order, build)
                except WorkError as error:
                    if order.specification:
                        raise
                    conflict = conflict or error
                    conflicting.append(specification.name)
                    continue
                if output is None:
                    left_out.append(specification.name)
                    continue
                outputs.append(output)
                entries.append(entry_of(output, build, rules, folder))
            if not outputs:
                raise conflict or UserError(
                    "--exact needs a mart with persons: in a mart of counts, one person can be"
                    " behind several counts, so no proof is possible. Leave --exact out."
                )
            _write(work / "new", outputs, build, rules, register.entries)
            # Before the folder is in its place: an output that is not in the register could harm.
            with last_step():
                Register(tuple(entries)).write(register_path)
    return Written(
        {output.table.name: output.table.n_hidden for output in outputs},
        {output.table.name: output.table.n_numbers for output in outputs},
        {output.table.name: output.earlier for output in outputs},
        left_out,
        conflicting,
        register_path,
        lacking,
    )


def opened(database: Path) -> duckdb.DuckDBPyConnection:
    """A warehouse, open to read. Raises UserError unless `build` made it."""
    connection = open_warehouse(database, MEMORY_TO_READ)
    refuse_unrecorded(connection, database)
    return connection


def _made(  # noqa: PLR0913, PLR0917
    connection: duckdb.DuckDBPyConnection,
    specification: Specification,
    rules: Rules,
    earlier: Sequence[Entry],
    order: Order,
    build: Build,
) -> Output | None:
    """One table, protected; None for a mart of counts where exact counts were asked for."""
    true_table = read_true_table(connection, specification, rules)
    if order.is_exact and not true_table.has_persons:
        return None
    protection = protect(true_table, rules, exact=order.is_exact)
    said = check_earlier(connection, true_table, protection, rules, earlier, build)
    table = released(true_table, protection, rules)
    spec = chart_spec(table, specification.chart, len(specification.rows))
    return Output(table, true_table, protection, said, draw(spec) if spec else None)


def _check_folder(folder: Path, *, replace: bool) -> None:
    if folder.is_dir() and any(folder.iterdir()) and not replace:
        raise UserError(
            f"{folder} already holds files. Choose another folder, or add --replace to replace"
            " earlier outputs."
        )
    check_target(folder, RELEASE, {RELEASE, NOT_FOR_RELEASE})


def _write(
    new: Path, outputs: Sequence[Output], build: Build, rules: Rules, earlier: Sequence[Entry]
) -> None:
    for folder in (RELEASE, NOT_FOR_RELEASE):
        (new / folder).mkdir(parents=True)
    manifests = []
    for output in outputs:
        name = output.table.name
        manifests.append(manifest(output, build, rules))
        _put(new / RELEASE / f"{name}.csv", output.table.as_csv())
        _put(new / RELEASE / f"{name}.manifest.json", manifests[-1])
        if output.picture:
            (new / RELEASE / f"{name}.png").write_bytes(output.picture)
        _put(new / NOT_FOR_RELEASE / f"{name}.counts.csv", true_counts(output))
        _put(new / NOT_FOR_RELEASE / f"{name}.sql", output.true_table.sql + "\n")
        if output.true_table.statistics:
            _put(new / NOT_FOR_RELEASE / f"{name}.values.csv", true_statistics(output))
    _put(new / RELEASE / "request.csv", request(manifests))
    _put(new / NOT_FOR_RELEASE / "earlier_outputs.csv", earlier_outputs(earlier))
    _put(new / NOT_FOR_RELEASE / "NOT-FOR-RELEASE.txt", _WARNING)


def _put(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise WorkError(
            f"{path.name} could not be written: {error.strerror}. Check that the disk has room,"
            " then try again."
        ) from None
