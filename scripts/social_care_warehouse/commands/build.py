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
    help="The DuckDB file to make or replace, for example warehouse.duckdb.",
)  # fmt: skip
@click.option(
    "--definition", default="data_explained", show_default=True, metavar="NAME",
    help="How the highest intervention is decided: a row of the seed intervention_definitions.",
)  # fmt: skip
@click.option(
    "--children-represented", type=click.IntRange(min=0), default=0, metavar="N",
    help="For a sample: how many children in England its pupils represent. Yearly counts are scaled"
    " by this before they are compared with published ones. Default: each pupil counts as one"
    " child.",
)  # fmt: skip
@click.option(
    "--max-gap-days", type=click.IntRange(min=0), default=0, show_default=True, metavar="N",
    help="Episodes of one child with at most this many days between them are one period of care.",
)  # fmt: skip
@click.option(
    "--select", "marts", multiple=True, metavar="MART",
    help="Only this mart, or these, and what they need. Default: all.",
)  # fmt: skip
@fill_missing_columns_option
@allow_rejected_option
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

    Without EXTRACT_DIR the extracts that were loaded into the database before are used again, for
    example with another definition. Files that did not change are not read again, and only the
    tables are built that a change of files, definitions, code lists or models can affect.

    The new warehouse is made next to the old one and replaces it in one step, after all checks of
    the warehouse have passed. If the build fails or is stopped, the old one is unchanged.
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
