"""The command line: one module for each subcommand, and what they share."""

from __future__ import annotations

from collections.abc import Sequence

import click

from social_care_warehouse.commands.areas import areas
from social_care_warehouse.commands.build import build
from social_care_warehouse.commands.check import check
from social_care_warehouse.commands.export import export
from social_care_warehouse.commands.load import load
from social_care_warehouse.commands.outputs import outputs
from social_care_warehouse.commands.report import report
from social_care_warehouse.commands.shared import COMMAND_NAME
from social_care_warehouse.commands.synthesise import synthesise
from social_care_warehouse.console import PlainGroup, keep_going_without_output
from social_care_warehouse.interrupts import raise_on_signals
from social_care_warehouse.project import project_version


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


# --help lists them in this order.
for _command in (check, load, build, synthesise, export, areas, outputs, report):
    group.add_command(_command)


def run(command: str | None, arguments: Sequence[str]) -> int:
    """Run a command line to its end and give the exit code."""
    keep_going_without_output()
    raise_on_signals()
    chosen: click.Command = group if command is None else group.commands[command]
    name = COMMAND_NAME if command is None else f"{COMMAND_NAME} {command}"
    return chosen.main(list(arguments), prog_name=name) or 0
