"""Makes the synthetic extracts: runs the SQL files in order, one batch of children after another.

All rules are in `sql/` and all rates in `settings/`. This file knows the order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import duckdb
from rich.progress import Progress

from social_care_warehouse.console import UserError, console
from social_care_warehouse.files.paths import real_path
from social_care_warehouse.files.replace import check_target, replacing
from social_care_warehouse.synthesis.delivery import TRUTH_DIR, Delivery, csv_names
from social_care_warehouse.synthesis.outcome_delivery import (
    OutcomeDelivery,
    outcome_files,
    outcome_names,
)

HERE = Path(__file__).parent
SETTINGS_DIR = HERE / "settings"
SQL_DIR = HERE / "sql"

RELEASES = ("latest-episode", "all-episodes")
DATASETS = ("social-care", "all")
AUTHORITY_EFFECTS = ("usual", "none", "ten")
FIRST_UNTIL, LAST_UNTIL = 2018, 2025
# The school years in which pupils are born, the last one with extracts up to 2018.
FIRST_BORN, LAST_BORN = 1989, 2011
README_NAME = "README-SYNTHETIC.txt"
# For the option --children-represented of a build.
REPRESENTED_NAME = "children_represented.txt"

PREPARE = ("00_until", "00_birth_years", "01_macros", "02_chances", "03_population")
BEGIN = ("10_child", "20_first_referral")
# A child's referrals come one after the other, so the same files run again until none is due.
ROUND = (
    "21_round_referral",
    "22_round_plan",
    "23_round_care",
    "24_care_period",
    "25_round_close",
    "26_round_next",
)
LIVES = (
    "30_care_alone",
    "24_care_period",
    "31_care_alone_keep",
    "32_short_break",
    "40_period",
    "41_legal_status",
    "42_move",
    "43_placement",
    "44_care_episode",
    "45_place_change",
    "50_person",
    "51_identifier",
)
EXTRACTS = ("60_cla_sighting", "61_cla_row", "65_cin_sighting", "66_cin_row")
DIRT = ("70_cla_dirt", "71_cla_file", "72_cin_dirt", "73_cin_file")
DELIVERY = ("80_truth_person", "81_truth", "82_delivery")
# Only with --datasets all: schooling, absence, exclusions, results and offences.
OUTCOME_PREPARE = ("outcomes/01_settings",)
OUTCOME_LIVES = (
    "outcomes/10_pupil_trait",
    "outcomes/11_status",
    "outcomes/12_schooling",
    "outcomes/13_exclusion",
    "outcomes/14_pupil_year",
    "outcomes/20_absence",
    "outcomes/30_ks4_result",
    "outcomes/40_first_offence",
    "outcomes/41_occasion",
    "outcomes/42_offence",
    "outcomes/43_identifier",
)
OUTCOME_EXTRACTS = (
    "outcomes/60_absence_row",
    "outcomes/61_exclusion_row",
    "outcomes/62_census_row",
    "outcomes/63_ks4_row",
    "outcomes/64_offence_row",
    "outcomes/65_dirt",
    "outcomes/70_absence_file",
    "outcomes/71_exclusion_file",
    "outcomes/72_census_file",
    "outcomes/73_ks4_file",
    "outcomes/74_offence_file",
    "outcomes/80_truth_offending",
    "outcomes/81_truth_schooling",
    "outcomes/82_truth_contact",
    "outcomes/83_truth_outcome",
)
OUTCOME_RANKS = "outcomes/84_truth_ranks"
MAX_ROUNDS = 25
# A child depends on no other child, so the size of a batch changes the memory needed, and no row.
BATCH = 1_000_000
# A pupil has many rows of school years.
BATCH_OF_ALL = 100_000


@dataclass(frozen=True)
class Order:
    """What to make."""

    out_dir: Path
    pupils: int
    seed: int
    release: str = RELEASES[0]
    clean: bool = False
    threads: int | None = None
    datasets: str = DATASETS[0]
    until: int = FIRST_UNTIL
    authority_effects: str = AUTHORITY_EFFECTS[0]
    birth_years: str | None = None

    @property
    def born(self) -> tuple[int, int] | tuple[None, None]:
        """The first and last school year of birth to make, by its September; None makes all."""
        if self.birth_years is None:
            return None, None
        first, _, last = self.birth_years.partition("-")
        return int(first), int(last or first)

    @property
    def has_outcomes(self) -> bool:
        """Whether schooling and offending are simulated as well."""
        return self.datasets == "all"


@dataclass(frozen=True)
class Made:
    """What was made: rows by file, and how many children in England the pupils represent."""

    rows: dict[str, int]
    children_represented: int


def generate(order: Order) -> Made:
    """Make the extracts in a folder next to the target; move them in when all is well."""
    _check(order)
    target = real_path(order.out_dir)
    check_target(target, README_NAME, {README_NAME, TRUTH_DIR, *_known_names()})
    with replacing(target) as workspace:
        fresh = workspace / "new"
        delivery = Delivery(fresh, workspace / "parts", order.release, order.until)
        with duckdb.connect(config={"temp_directory": str(workspace / "spill")}) as connection:
            if order.threads:
                connection.execute(f"set threads = {order.threads}")
            _prepare(connection, order)
            outcomes = OutcomeDelivery(
                fresh,
                workspace / "parts",
                outcome_files(connection, order.until) if order.has_outcomes else [],
            )
            _make_batches(connection, delivery, outcomes, order)
            delivery.finish(connection)
            if order.has_outcomes:
                outcomes.finish(connection, _sql(OUTCOME_RANKS))
            # The weights are thousands of children in England.
            represented = _value(
                connection, "(select round(1000 * sum(pupil_weight)) from birth_cohort)"
            )
        made = Made({**delivery.rows, **outcomes.rows}, represented)
        (fresh / README_NAME).write_text(_readme(order, made), encoding="utf-8")
        (fresh / TRUTH_DIR / REPRESENTED_NAME).write_text(f"{represented}\n", encoding="utf-8")
    return made


def _check(order: Order) -> None:
    if order.pupils < 1:
        raise UserError(f"--pupils must be at least 1, not {order.pupils}.")
    if not -(2**63) <= order.seed < 2**63:
        raise UserError("--seed must be a whole number of at most 18 digits.")
    if order.threads is not None and order.threads < 1:
        raise UserError(f"--threads must be at least 1, not {order.threads}.")
    if order.release not in RELEASES:
        raise UserError(f"Unknown release {order.release}: choose one of {', '.join(RELEASES)}.")
    if order.datasets not in DATASETS:
        raise UserError(f"Unknown datasets {order.datasets}: choose one of {', '.join(DATASETS)}.")
    if order.authority_effects not in AUTHORITY_EFFECTS:
        raise UserError(
            f"Unknown authority effects {order.authority_effects}: choose one of"
            f" {', '.join(AUTHORITY_EFFECTS)}."
        )
    if order.authority_effects != AUTHORITY_EFFECTS[0] and not order.has_outcomes:
        raise UserError("--authority-effects needs offences. Add --datasets all.")
    if not FIRST_UNTIL <= order.until <= LAST_UNTIL:
        raise UserError(
            f"--until must be a year from {FIRST_UNTIL} to {LAST_UNTIL}, not {order.until}."
        )
    _check_birth_years(order)


def _check_birth_years(order: Order) -> None:
    if order.birth_years is None:
        return
    last_born = LAST_BORN + order.until - FIRST_UNTIL
    if re.fullmatch(r"\d{4}(-\d{4})?", order.birth_years):
        first, last = order.born
        if first and last and FIRST_BORN <= first <= last <= last_born:
            return
    raise UserError(
        f"--birth-years must be a school year of birth, or a first and a last one, from"
        f" {FIRST_BORN} to {last_born}, for example 1994-1998. It is {order.birth_years}."
    )


def _prepare(connection: duckdb.DuckDBPyConnection, order: Order) -> None:
    """Make a table of each settings file, and a variable of each option."""
    _read_settings(connection)
    for name in ("pupils", "seed", "release", "clean", "until", "authority_effects"):
        connection.execute(f"set variable {name} = ?", [getattr(order, name)])
    for name, year in zip(("first_birth_year", "last_birth_year"), order.born, strict=True):
        connection.execute(f"set variable {name} = ?", [year])
    _run(connection, PREPARE)
    if order.has_outcomes:
        _run(connection, OUTCOME_PREPARE)


def _read_settings(connection: duckdb.DuckDBPyConnection) -> None:
    for path in sorted(SETTINGS_DIR.glob("*.csv")):
        connection.execute(
            f"create table {path.stem} as select *"
            " from read_csv(?, header = true, hive_partitioning = false)",
            [str(path)],
        )


def _known_names() -> set[str]:
    """Every name that a file can have."""
    with duckdb.connect() as connection:
        _read_settings(connection)
        return set().union(
            *(
                {*csv_names(until).values(), *outcome_names(connection, until)}
                for until in range(FIRST_UNTIL, LAST_UNTIL + 1)
            )
        )


def _make_batches(
    connection: duckdb.DuckDBPyConnection,
    delivery: Delivery,
    outcomes: OutcomeDelivery,
    order: Order,
) -> None:
    children = _value(connection, "getvariable('pupils') + getvariable('other_children')")
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("Living", total=children)
        batch = BATCH_OF_ALL if order.has_outcomes else BATCH
        for first in range(1, children + 1, batch):
            last = min(first + batch - 1, children)
            connection.execute("set variable first_child = ?", [first])
            connection.execute("set variable last_child = ?", [last])
            share = (last - first + 1) / 4
            progress.update(task, description="Living")
            _live(connection)
            if order.has_outcomes:
                _run(connection, OUTCOME_LIVES)
            progress.update(task, description="Recording", advance=2 * share)
            _run(connection, EXTRACTS + DIRT + DELIVERY)
            if order.has_outcomes:
                _run(connection, OUTCOME_EXTRACTS)
            progress.update(task, description="Writing", advance=share)
            delivery.add_batch(connection)
            outcomes.add_batch(connection)
            progress.update(task, advance=share)


def _live(connection: duckdb.DuckDBPyConnection) -> None:
    _run(connection, BEGIN)
    for number in range(1, MAX_ROUNDS + 1):
        connection.execute("set variable round = ?", [number])
        _run(connection, ROUND)
        if not _value(connection, "(select count(*) from due)"):
            break
    _run(connection, LIVES)


def _run(connection: duckdb.DuckDBPyConnection, names: tuple[str, ...]) -> None:
    for name in names:
        connection.execute(_sql(name))


def _sql(name: str) -> str:
    return (SQL_DIR / f"{name}.sql").read_text(encoding="utf-8")


def _value(connection: duckdb.DuckDBPyConnection, expression: str) -> int:
    return int(connection.execute(f"select {expression}").fetchall()[0][0])


def _readme(order: Order, made: Made) -> str:
    files = "\n".join(f"  {name}: {rows:,} rows" for name, rows in made.rows.items())
    return f"""SYNTHETIC DATA - NO REAL PERSON IS IN THESE FILES

Made by: social-care-warehouse synthesise
  --pupils {order.pupils} --seed {order.seed} --release {order.release}{
        " --clean" if order.clean else ""
    }{" --datasets all" if order.has_outcomes else ""}{
        f" --until {order.until}" if order.until != FIRST_UNTIL else ""
    }{
        f" --authority-effects {order.authority_effects}"
        if order.authority_effects != AUTHORITY_EFFECTS[0]
        else ""
    }{f" --birth-years {order.birth_years}" if order.birth_years else ""}

{files}
  {TRUTH_DIR}/*.parquet: what happened in these simulated lives

The {order.pupils:,} pupils represent {made.children_represented:,} children in England
(build --children-represented {made.children_represented}).

How they were made: each child's contact with social care was simulated at random, at rates fitted
to published national figures. No record of any real child was read. The extracts show what the real
ones would show of these lives{
        "." if order.clean else ", with the faults that users of the real ones have found."
    }

Use them to develop, test, teach and time programs that read the real extracts. Do not use them for
findings about children, families, authorities or services: only what was fitted is realistic, and
most relations between columns are simple assumptions.

The same options give the same files. More: docs/explanation/synthetic-extracts.md.
"""
