"""The subcommands: their options, and what each does with them."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from rich.markup import escape

from social_care_warehouse.console import (
    BAD_INPUT_EXIT_CODE,
    INTERRUPTED_EXIT_CODE,
    PlainCommand,
    PlainGroup,
    UserError,
    WorkError,
    console,
    error_console,
    keep_going_without_output,
    lost_output,
    speaks_plainly,
    stop_on_signals,
)
from social_care_warehouse.project import project_version
from social_care_warehouse.settings import check_settings

COMMAND_NAME = "social-care-warehouse"


@click.group(cls=PlainGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(project_version(), prog_name=COMMAND_NAME)
def group() -> None:
    """Make a tested database from England's linked children's social care extracts.

    \b
    First time, without real data (then type the build command that it prints):
      social-care-warehouse synthesise synthetic --pupils 100000 --seed 1 --datasets all

    \b
    With your extracts:
      social-care-warehouse check my_extracts
      social-care-warehouse build my_extracts --database warehouse.duckdb

    \b
    To read the tables in R, Stata or SPSS:
      social-care-warehouse export --database warehouse.duckdb --to files --format csv

    Python and SQL read warehouse.duckdb directly. Start with marts.person_highest_intervention.

    'social-care-warehouse COMMAND --help' explains each command. Exit codes: 0 done, 1 failed,
    2 wrong input, 130 stopped.
    """


def run(command: str | None, arguments: Sequence[str]) -> int:
    """Run a command line to its end and give the exit code."""
    keep_going_without_output()
    stop_on_signals()
    chosen: click.Command = group if command is None else group.commands[command]
    name = COMMAND_NAME if command is None else f"{COMMAND_NAME} {command}"
    return chosen.main(list(arguments), prog_name=name) or 0


_DATABASE = click.Path(path_type=Path, readable=False)
_EXTRACT_DIR = click.Path(path_type=Path, readable=False)
_FILL_MISSING_COLUMNS = click.option(
    "--fill-missing-columns", is_flag=True,
    help="Accept files of one dataset with different columns. Missing columns become NULL.",
)  # fmt: skip

_ALLOW_REJECTED = click.option(
    "--allow-rejected", is_flag=True,
    help="Accept files even if most of their lines or identifiers cannot be read.",
)  # fmt: skip


@group.command(cls=PlainCommand, short_help="See what each file is and whether it can be loaded.")
@click.argument("extract_dir", type=_EXTRACT_DIR)
@_FILL_MISSING_COLUMNS
@_ALLOW_REJECTED
@click.option("--json", "is_json", is_flag=True, help="Print the result as JSON.")
@speaks_plainly
def check(
    extract_dir: Path, fill_missing_columns: bool, allow_rejected: bool, is_json: bool
) -> None:
    """Look at the files in EXTRACT_DIR: what each one is and whether it can be loaded.

    This changes nothing and opens no database. The exit code is 0 if all files can be loaded, and
    2 if 'build' would refuse them.
    """
    _check(extract_dir, fill_missing_columns, allow_rejected, is_json)


@group.command(cls=PlainCommand, short_help="Load the files only, to run dbt yourself.")
@click.argument("extract_dir", type=_EXTRACT_DIR)
@click.option(
    "--database", type=_DATABASE, metavar="PATH",
    help="The DuckDB file to load into. It is made if it does not exist.",
)  # fmt: skip
@click.option(
    "--parquet", "parquet_dir", type=click.Path(path_type=Path), metavar="DIR",
    help="Write Parquet files for Spark into this folder instead of a database.",
)  # fmt: skip
@_FILL_MISSING_COLUMNS
@_ALLOW_REJECTED
@click.option("--check", "is_check", is_flag=True, hidden=True)
@click.option("--json", "is_json", is_flag=True, hidden=True)
@speaks_plainly
def load(  # noqa: PLR0913, PLR0917
    extract_dir: Path,
    database: Path | None,
    parquet_dir: Path | None,
    fill_missing_columns: bool,
    allow_rejected: bool,
    is_check: bool,
    is_json: bool,
) -> None:
    """Load the files in EXTRACT_DIR, unchanged, into the schema raw of a database.

    The column names in a file show which dataset it is. This replaces the extracts that were loaded
    before and leaves the other tables as they are. You need 'load' only if you run dbt yourself:
    'build' also loads.
    """
    if is_check:
        _check(extract_dir, fill_missing_columns, allow_rejected, is_json)
    elif is_json:
        raise UserError("--json needs --check. Add --check.")
    elif (database is None) == (parquet_dir is None):
        raise UserError("Give either --database PATH or --parquet DIR.")
    else:
        _load(extract_dir, database, parquet_dir, fill_missing_columns, allow_rejected)


class _BuildCommand(PlainCommand):
    """Takes several marts after one --select, as dbt does."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put --select before each of them."""
        from social_care_warehouse.building.definitions import names_of_marts  # noqa: PLC0415

        marts = names_of_marts() if "--select" in args else []
        repeated: list[str] = []
        for argument in args:
            if argument in marts and repeated[-2:-1] == ["--select"]:
                repeated.append("--select")
            repeated.append(argument)
        return super().parse_args(ctx, repeated)


@group.command(cls=_BuildCommand, short_help="Build and test a warehouse from the files.")
@click.argument("extract_dir", type=_EXTRACT_DIR, required=False)
@click.option(
    "--database", required=True, type=_DATABASE, metavar="PATH",
    help="The warehouse to make or replace: a DuckDB file, for example warehouse.duckdb.",
)  # fmt: skip
@click.option(
    "--definition", default="data_explained", show_default=True, metavar="NAME",
    help="The definition of the highest intervention: a name in seeds/definitions/"
    "intervention_definitions.csv.",
)  # fmt: skip
@click.option(
    "--children-represented", type=click.IntRange(min=0), default=0, metavar="N",
    help="For a sample: how many children in England it represents. The build scales its yearly"
    " counts up to England and compares them with published counts. Default: the number of pupils"
    " (no scaling).",
)  # fmt: skip
@click.option(
    "--max-gap-days", type=click.IntRange(min=0), default=0, show_default=True, metavar="N",
    help="Join episodes of one child into one period of care if at most this many days lie between"
    " them.",
)  # fmt: skip
@click.option(
    "--select", "marts", multiple=True, metavar="MART",
    help="Build only this mart and what it needs. You can name several. Default: all.",
)  # fmt: skip
@_FILL_MISSING_COLUMNS
@_ALLOW_REJECTED
@speaks_plainly
def build(  # noqa: PLR0913, PLR0917
    extract_dir: Path | None,
    database: Path,
    definition: str,
    children_represented: int,
    max_gap_days: int,
    marts: tuple[str, ...],
    fill_missing_columns: bool,
    allow_rejected: bool,
) -> None:
    """Build a warehouse: load the files in EXTRACT_DIR, make all tables, test them.

    To build again with the same extracts, for example with another definition, leave EXTRACT_DIR
    out. A second build reads only the files that have changed. It makes only the tables that depend
    on a changed file, definition, code list or model.

    The new warehouse replaces the old one only after it has passed every check of the warehouse. If
    the build fails or you stop it, the old warehouse is unchanged.
    """
    check_settings()
    from social_care_warehouse.building.build import BuildRequest  # noqa: PLC0415
    from social_care_warehouse.building.build import build as build_warehouse  # noqa: PLC0415

    build_warehouse(
        BuildRequest(
            extract_dir=extract_dir,
            database=database,
            intervention_definition=definition,
            children_represented=children_represented,
            period_of_care_max_gap_days=max_gap_days,
            fill_missing_columns=fill_missing_columns,
            allow_rejected=allow_rejected,
            marts=marts,
        )
    )


@group.command(cls=PlainCommand, short_help="Make SYNTHETIC extracts, to try the warehouse with.")
@click.argument("out_dir", type=click.Path(path_type=Path))
@click.option("--pupils", type=int, required=True, metavar="N", help="How many pupils to make.")
@click.option(
    "--seed", type=int, required=True, metavar="S", help="The same seed gives the same files."
)
@click.option(
    "--release", default="latest-episode", show_default=True, metavar="NAME",
    help="Episodes in the care extract: latest-episode (only the latest of each year, as in the"
    " real extract) or all-episodes.",
)  # fmt: skip
@click.option("--clean", is_flag=True, help="Leave out the faults that real extracts have.")
@click.option(
    "--datasets", default="social-care", show_default=True, metavar="NAME",
    help="Datasets to make: social-care, or all (also school results, absence, exclusions, school"
    " census and offences).",
)  # fmt: skip
@click.option(
    "--until", type=int, default=2018, show_default=True, metavar="YEAR",
    help="The year in which the last school year ends: 2018 to 2025.",
)  # fmt: skip
@click.option(
    "--authority-effects", default="usual", show_default=True, metavar="NAME",
    help="How much local authorities change the chance that a child with social care offends: usual"
    " (they differ), none, or ten (1.5 times the chance in ten of them). Needs --datasets all.",
)  # fmt: skip
@click.option(
    "--threads", type=int, metavar="N", help="Cores to use. The files are the same with any number."
)
@speaks_plainly
def synthesise(**options: Any) -> None:
    """Make SYNTHETIC extracts in OUT_DIR, to try the warehouse with, to teach and to test.

    They hold no real person. The command simulates lives with rates from published statistics.
    OUT_DIR/truth holds what happened in each life. Do not draw conclusions about real children from
    them.
    """
    check_settings()
    from social_care_warehouse.synthesis.generate import Order, generate  # noqa: PLC0415

    started = time.monotonic()
    order = Order(**options)
    made = generate(order)
    for name, rows in made.rows.items():
        console.print(f"  {name}: {rows:,} rows")
    console.print(
        f"SYNTHETIC extracts of {order.pupils:,} pupils are in {order.out_dir}"
        f" ({time.monotonic() - started:.0f} s). No real person is in them.",
        markup=False,
        soft_wrap=True,
    )
    if not order.clean:
        console.print(
            "They have the faults of real extracts, so a build will show warnings. To make extracts"
            " without faults, add --clean.",
            soft_wrap=True,
        )
    console.print(
        f"To build a warehouse from them: {COMMAND_NAME} build {order.out_dir}"
        f" --database warehouse.duckdb --children-represented {made.children_represented}",
        markup=False,
        soft_wrap=True,
    )


@group.command(cls=PlainCommand, short_help="Write marts as files for R, Stata, SPSS or Python.")
@click.option(
    "--database", required=True, type=_DATABASE, metavar="PATH",
    help="The warehouse to read. It stays unchanged.",
)  # fmt: skip
@click.option(
    "--to", "folder", required=True, type=click.Path(path_type=Path), metavar="DIR",
    help="The folder for the files. It is made if it does not exist.",
)  # fmt: skip
@click.option(
    "--format", "file_format", required=True,
    type=click.Choice(["parquet", "csv", "stata", "spss"]),
    help="What to write: csv for R, stata (.dta), spss (.sav), or parquet.",
)  # fmt: skip
@click.option(
    "--mart", "marts", multiple=True, metavar="NAME",
    help="Export only this mart. Repeat the option for several. Default: all.",
)  # fmt: skip
@click.option("--replace", is_flag=True, help="Replace files of the same name in DIR.")
@speaks_plainly
def export(
    database: Path, folder: Path, file_format: str, marts: tuple[str, ...], replace: bool
) -> None:
    """Write marts of a warehouse as files, each with a data dictionary.

    The files hold data about persons. Keep them in the secure environment. Stata and SPSS files
    have labels for variables and values. Their long names are shortened: the data dictionary gives
    both names.
    """
    from social_care_warehouse.exporting.export import export_marts  # noqa: PLC0415

    with console.status("Exporting") as status:
        files = export_marts(
            database,
            folder,
            file_format,
            marts,
            replace=replace,
            report=lambda sentence: status.update(f"{escape(sentence)} ..."),
        )
    console.print(
        f"Files written to {folder}: {len(files)}, each with a data dictionary. They hold data"
        " about persons: keep them in the secure environment.",
        markup=False,
        soft_wrap=True,
    )


@group.command(cls=PlainCommand, short_help="Model how much local authorities differ.")
@click.option(
    "--database", required=True, type=_DATABASE, metavar="PATH",
    help="The warehouse to read. The results become tables in its schema models.",
)  # fmt: skip
@click.option(
    "--outcome", "outcomes", multiple=True, metavar="NAME",
    help="A yes-or-no outcome of lookups.outcome_measures. Repeat the option for several. Default:"
    " cautioned_or_convicted_10_17.",
)  # fmt: skip
@click.option(
    "--level", "levels", multiple=True, metavar="NAME",
    help="Model only children with this level of social care, such as 'child in need'. Repeat the"
    " option for several. Default: all levels together, then each level alone.",
)  # fmt: skip
@click.option(
    "--cohort", "cohorts", multiple=True, metavar="NAME",
    help="Model only children of this birth cohort, such as 1994/1995. Repeat the option for"
    " several. Default: all.",
)  # fmt: skip
@click.option(
    "--poverty", default="ever_free_meals_percent", show_default=True, metavar="NAME",
    help="How to measure an authority's poverty: a measure in intermediate.int_area_covariate.",
)  # fmt: skip
@speaks_plainly
def areas(
    database: Path,
    outcomes: tuple[str, ...],
    levels: tuple[str, ...],
    cohorts: tuple[str, ...],
    poverty: str,
) -> None:
    """Model how much outcomes of children with social care differ between local authorities.

    A multilevel logit model compares children of the same level of social care, birth cohort and
    sex. A second model also adjusts for the authority's poverty and for the outcome among its own
    children without social care. The results are in two tables of the warehouse: models.area_term
    and models.area_effect. All other tables stay as they are.
    """
    check_settings()
    try:
        from social_care_warehouse.areas.model import (  # noqa: PLC0415
            DEFAULT_OUTCOME,
            Question,
            model_authorities,
        )
    except ImportError:
        raise UserError(
            "The model of local authorities needs the packages numpy and scipy. Install them:"
            " pip install numpy scipy."
        ) from None
    from social_care_warehouse.areas.screen import print_answer  # noqa: PLC0415

    question = Question(outcomes or (DEFAULT_OUTCOME,), levels, cohorts, poverty)
    try:
        with console.status("Modelling") as status:
            answer = model_authorities(
                database,
                question,
                report=lambda sentence: status.update(f"{escape(sentence)} ..."),
            )
    except KeyboardInterrupt:
        error_console.print("Stopped. The warehouse is unchanged.", style="red")
        sys.exit(INTERRUPTED_EXIT_CODE)
    print_answer(answer, console)


@group.command(cls=PlainCommand, short_help="Make tables that may leave the secure environment.")
@click.option(
    "--database", required=True, type=_DATABASE, metavar="PATH",
    help="The warehouse to read. It stays unchanged.",
)  # fmt: skip
@click.option(
    "--to", "folder", required=True, type=click.Path(path_type=Path), metavar="DIR",
    help="The folder for the tables. It is made if it does not exist.",
)  # fmt: skip
@click.option(
    "--spec", "specification", metavar="FILE_OR_NAME",
    help="A YAML file that describes tables, or the name of a ready-made table. Default: every"
    " ready-made table that the warehouse has data for.",
)  # fmt: skip
@click.option(
    "--exact", "is_exact", is_flag=True,
    help="Show exact counts instead of rounded ones, and hide more of them.",
)  # fmt: skip
@click.option(
    "--rules", type=click.Path(path_type=Path), metavar="FILE",
    help="A YAML file with your environment's disclosure rules. Default: the ready-made rules.",
)  # fmt: skip
@click.option(
    "--register", type=click.Path(path_type=Path), metavar="FILE",
    help="The file that records earlier tables. Default: outputs_register.json in the folder above"
    " DIR.",
)  # fmt: skip
@click.option("--replace", is_flag=True, help="Replace earlier tables in DIR.")
@speaks_plainly
def outputs(**options: Any) -> None:
    """Make tables and charts for disclosure control, to take out of the secure environment.

    DIR/release holds what may leave after a person has checked it: tables, charts and a request for
    release. DIR/not-for-release holds the unrounded counts and the SQL that this person needs. The
    command compares every table with earlier tables in the register, so that no difference between
    two tables reveals a person.
    """
    check_settings()
    from social_care_warehouse.outputs.write import Order, write_outputs  # noqa: PLC0415

    order = Order(**options)
    try:
        with console.status("Counting") as status:
            written = write_outputs(
                order, lambda sentence: status.update(f"{escape(sentence)} ...")
            )
    except KeyboardInterrupt:
        error_console.print("Stopped. No table was written.", style="red")
        sys.exit(INTERRUPTED_EXIT_CODE)
    for name, n_hidden in written.n_hidden.items():
        console.print(f"  {name}: numbers hidden: {n_hidden}", markup=False, soft_wrap=True)
    for name, sentence in written.earlier.items():
        if "because of" in sentence or "not compared with" in sentence:
            console.print(f"  {name}: {sentence}", markup=False, soft_wrap=True)
    if written.left_out:
        console.print(
            f"Left out, because --exact needs a mart with persons: {', '.join(written.left_out)}.",
            markup=False,
            soft_wrap=True,
        )
    console.print(
        f"Tables made: {len(written.n_hidden)}, in {order.folder / 'release'}. Give that folder to"
        " the person who checks outputs; request.csv lists what you ask for.",
        markup=False,
        soft_wrap=True,
    )
    console.print(
        f"{order.folder / 'not-for-release'} holds unrounded counts for that person. It must not"
        " leave.",
        markup=False,
        soft_wrap=True,
    )


@group.command(cls=PlainCommand, short_help="Write one HTML page with tables, charts and a map.")
@click.option(
    "--database", required=True, type=_DATABASE, metavar="PATH",
    help="The warehouse to read. It stays unchanged.",
)  # fmt: skip
@click.option(
    "--to", "file", required=True, type=click.Path(path_type=Path), metavar="FILE",
    help="The page to write, for example report.html.",
)  # fmt: skip
@click.option(
    "--boundaries", type=click.Path(path_type=Path), metavar="FILE",
    help="A GeoJSON file with the boundaries of authorities, for the map. Each polygon needs a"
    " property with the 9-character code of its authority. Default: one hexagon per authority.",
)  # fmt: skip
@click.option("--replace", is_flag=True, help="Replace FILE if there is one.")
@speaks_plainly
def report(database: Path, file: Path, boundaries: Path | None, replace: bool) -> None:
    """Write the report: one HTML page about a warehouse, to open in a browser.

    The page holds only rounded numbers and needs no network. Use it inside the secure environment.
    To publish tables, use 'outputs'.
    """
    from social_care_warehouse.reporting.report import write_report  # noqa: PLC0415

    with console.status("Writing the report") as status:
        has_charts = write_report(
            database,
            file,
            boundaries=boundaries,
            replace=replace,
            report=lambda sentence: status.update(f"{escape(sentence)} ..."),
        )
    console.print(
        f"The report is in {file}. Open it in a browser. Use it inside the secure environment:"
        " it is not cleared for release.",
        markup=False,
        soft_wrap=True,
    )
    if not has_charts:
        console.print(
            "It has tables only. For charts, type 'pip install vl-convert-python', then write it"
            " again with --replace.",
            markup=False,
            soft_wrap=True,
        )


def _check(
    extract_dir: Path, fill_missing_columns: bool, allow_rejected: bool, is_json: bool
) -> None:
    check_settings()
    from social_care_warehouse.loading import check_delivery  # noqa: PLC0415
    from social_care_warehouse.loading.report import as_json, print_check  # noqa: PLC0415

    with error_console.status("Looking") as status:
        checked = check_delivery(
            extract_dir,
            fill_missing_columns=fill_missing_columns,
            allow_rejected=allow_rejected,
            report=lambda sentence: status.update(f"{escape(sentence)} ..."),
        )
    if is_json:
        click.echo(as_json(checked))
    else:
        print_check(checked, console)
    if why := lost_output():
        raise WorkError(f"The result could not be written: {why}.")
    if not checked.can_be_loaded:
        sys.exit(BAD_INPUT_EXIT_CODE)


def _load(
    extract_dir: Path,
    database: Path | None,
    parquet_dir: Path | None,
    fill_missing_columns: bool,
    allow_rejected: bool,
) -> None:
    check_settings()
    from social_care_warehouse.files.lock import only_writer_of  # noqa: PLC0415
    from social_care_warehouse.files.paths import check_database_path, real_path  # noqa: PLC0415
    from social_care_warehouse.loading import load_delivery  # noqa: PLC0415
    from social_care_warehouse.loading.parquet import hand_over  # noqa: PLC0415
    from social_care_warehouse.loading.report import print_summary  # noqa: PLC0415

    kept = "folder" if parquet_dir else "database"
    try:
        with console.status("Loading") as status:

            def report(sentence: str) -> None:
                if console.is_terminal:
                    status.update(f"{escape(sentence)} ...")
                else:
                    console.print(f"{sentence} ...", markup=False, soft_wrap=True)

            if parquet_dir:
                place = real_path(parquet_dir)
                result = hand_over(
                    extract_dir,
                    place,
                    fill_missing_columns=fill_missing_columns,
                    allow_rejected=allow_rejected,
                    report=report,
                )
            elif database:
                place = real_path(database)
                check_database_path(place)
                with only_writer_of(place):
                    result = load_delivery(
                        extract_dir,
                        place,
                        fill_missing_columns=fill_missing_columns,
                        allow_rejected=allow_rejected,
                        report=report,
                    )
    except KeyboardInterrupt:
        error_console.print(f"Stopped. The {kept} is unchanged.", style="red")
        sys.exit(INTERRUPTED_EXIT_CODE)
    print_summary(result, console, parquet_dir)
