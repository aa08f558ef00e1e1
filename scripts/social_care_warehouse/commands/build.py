"""The subcommand build: load, make all tables, test them, replace the warehouse."""

from __future__ import annotations

from pathlib import Path

import click

from social_care_warehouse.commands.shared import (
    ANY_PATH,
    allow_rejected_option,
    fill_missing_columns_option,
)
from social_care_warehouse.console import PlainCommand, speaks_plainly
from social_care_warehouse.settings import check_settings


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


@click.command(cls=_BuildCommand, short_help="Build and test a warehouse from the files.")
@click.argument("extract_dir", type=ANY_PATH, required=False)
@click.option(
    "--database", required=True, type=ANY_PATH, metavar="PATH",
    help="The warehouse to make or replace: a DuckDB file, for example warehouse.duckdb.",
)  # fmt: skip
@click.option(
    "--definition", metavar="NAME",
    help="The definition of the highest intervention: a name in seeds/definitions/"
    "intervention_definitions.csv. Default: the one in dbt_project.yml (data_explained).",
)  # fmt: skip
@click.option(
    "--children-represented", type=click.IntRange(min=0), metavar="N",
    help="For a sample: how many children in England it represents. The build scales its yearly"
    " counts up to England and compares them with published counts. Default: the number of pupils"
    " (no scaling).",
)  # fmt: skip
@click.option(
    "--max-gap-days", type=click.IntRange(min=0), metavar="N",
    help="Join episodes of one child into one period of care if at most this many days lie between"
    " them. Default: the number in dbt_project.yml (0).",
)  # fmt: skip
@click.option(
    "--select", "marts", multiple=True, metavar="MART",
    help="Build only this mart and what it needs. You can name several. Default: all.",
)  # fmt: skip
@fill_missing_columns_option
@allow_rejected_option
@speaks_plainly
def build(  # noqa: PLR0913, PLR0917
    extract_dir: Path | None,
    database: Path,
    definition: str | None,
    children_represented: int | None,
    max_gap_days: int | None,
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
