"""Makes the synthetic extracts: runs the SQL files in order, then writes what they made.

Whatever is decided is decided in `sql/`, by the rates in `settings/`. This file knows the order.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb
from rich.progress import Progress, TaskID

from social_care_warehouse.console import UserError, console

HERE = Path(__file__).parent
SETTINGS_DIR = HERE / "settings"
SQL_DIR = HERE / "sql"

RELEASES = ("latest-episode", "all-episodes")
README_NAME = "README-SYNTHETIC.txt"
CLA_NAME = "CLA_2006_to_2018.csv"
CIN_NAME = "CIN_08-09_to_16-17.csv"
POPULATION_NAME = "population.csv"
TRUTH_DIR = "truth"

PREPARE = ("01_macros", "02_chances", "03_population", "10_child", "20_first_referral")
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
MAX_ROUNDS = 25

# The view that holds each file, in the order of its rows.
CSV_FILES = {
    CLA_NAME: "delivered_cla",
    CIN_NAME: "delivered_cin",
    POPULATION_NAME: "delivered_population",
}
TRUTH_FILES = ("person", "referral", "plan", "care_period", "care_episode", "dirty_row")
# Only the release of all episodes says why an episode began.
ONLY_IN_ALL_EPISODES = {"delivered_cla": ("CLA_RNE",)}


@dataclass(frozen=True)
class Order:
    """What to make."""

    out_dir: Path
    pupils: int
    seed: int
    release: str = RELEASES[0]
    clean: bool = False
    threads: int | None = None


def generate(order: Order) -> dict[str, int]:
    """Make the extracts in a folder beside the target; move them in when all is well."""
    _check(order)
    target = order.out_dir.absolute()
    made = _make_folders(target.parent)
    try:
        workspace = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as error:
        _remove_folders(made)
        raise UserError(f"Cannot write in {target.parent}: {error.strerror}.") from error
    try:
        fresh = workspace / "new"
        (fresh / TRUTH_DIR).mkdir(parents=True)
        counts = _make(order, fresh, workspace / "spill")
        (fresh / README_NAME).write_text(_readme(order, counts), encoding="utf-8")
        _move_in(fresh, target, workspace / "old")
    except BaseException as error:
        shutil.rmtree(workspace, ignore_errors=True)
        _remove_folders(made)
        if isinstance(error, (OSError, duckdb.IOException, duckdb.OutOfMemoryException)):
            reason = str(error).splitlines()[0]
            raise UserError(f"Could not make the extracts in {target}: {reason}") from error
        raise
    shutil.rmtree(workspace, ignore_errors=True)
    return counts


def _check(order: Order) -> None:
    """Refuse what cannot be made, before anything is written."""
    if order.pupils < 1:
        raise UserError(f"--pupils must be at least 1, not {order.pupils}.")
    if not -(2**63) <= order.seed < 2**63:
        raise UserError("--seed must be a whole number of at most 18 digits.")
    if order.threads is not None and order.threads < 1:
        raise UserError(f"--threads must be at least 1, not {order.threads}.")
    if order.release not in RELEASES:
        raise UserError(f"Unknown release {order.release}: choose one of {', '.join(RELEASES)}.")
    target = order.out_dir.absolute()
    existing = next(folder for folder in (target, *target.parents) if folder.exists())
    if not existing.is_dir():
        raise UserError(f"{existing} is a file, so no folder of extracts can be made there.")
    if existing == target:
        known = {README_NAME, TRUTH_DIR, *CSV_FILES}
        found = {path.name for path in target.iterdir()}
        if found and (README_NAME not in found or not found <= known):
            raise UserError(
                f"{target} holds other files: name an empty folder, or one made by this command."
            )
        existing = target.parent
    if not os.access(existing, os.W_OK | os.X_OK):
        raise UserError(f"Cannot write in {existing}.")


def _make(order: Order, fresh: Path, spill: Path) -> dict[str, int]:
    with duckdb.connect(config={"temp_directory": str(spill)}) as connection:
        if order.threads:
            connection.execute(f"set threads = {order.threads}")
        connection.execute("set preserve_insertion_order = true")
        _load_settings(connection, order)
        steps = len(PREPARE + LIVES + EXTRACTS + DIRT + DELIVERY) + len(CSV_FILES) + 8
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task("Lives", total=steps)
            _run(connection, PREPARE, progress, task)
            for number in range(1, MAX_ROUNDS + 1):
                connection.execute("set variable round = ?", [number])
                _run(connection, ROUND, None, task)
                if number <= 8:
                    progress.advance(task)
                if not _count(connection, "due"):
                    break
            _run(connection, LIVES, progress, task)
            progress.update(task, description="Extracts")
            _run(connection, EXTRACTS + DIRT + DELIVERY, progress, task)
            progress.update(task, description="Writing")
            return _write(connection, order, fresh, progress, task)


def _load_settings(connection: duckdb.DuckDBPyConnection, order: Order) -> None:
    """Every settings file is a table of its own name; what was asked for is a variable."""
    for path in sorted(SETTINGS_DIR.glob("*.csv")):
        connection.execute(
            f"create table {path.stem} as select * from read_csv(?, header = true)", [str(path)]
        )
    for name, value in (
        ("pupils", order.pupils),
        ("seed", order.seed),
        ("release", order.release),
        ("clean", order.clean),
    ):
        connection.execute(f"set variable {name} = ?", [value])


def _run(
    connection: duckdb.DuckDBPyConnection,
    names: tuple[str, ...],
    progress: Progress | None,
    task: TaskID,
) -> None:
    for name in names:
        connection.execute((SQL_DIR / f"{name}.sql").read_text(encoding="utf-8"))
        if progress:
            progress.advance(task)


def _write(
    connection: duckdb.DuckDBPyConnection,
    order: Order,
    fresh: Path,
    progress: Progress,
    task: TaskID,
) -> dict[str, int]:
    counts = {}
    for file_name, view in CSV_FILES.items():
        left_out = ONLY_IN_ALL_EPISODES.get(view, ())
        columns = "*"
        if left_out and order.release != "all-episodes":
            columns = f"* exclude ({', '.join(left_out)})"
        written = connection.execute(
            f"copy (select {columns} from {view}) to '{_quoted(fresh / file_name)}'"
            " (format csv, header true, delimiter ',')"
        ).fetchone()
        counts[file_name] = written[0]
        progress.advance(task)
    for name in TRUTH_FILES:
        connection.execute(
            f"copy (from truth_{name}) to '{_quoted(fresh / TRUTH_DIR / name)}.parquet'"
            " (format parquet, compression zstd)"
        )
    return counts


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    return connection.execute(f"select count(*) from {table}").fetchone()[0]


def _make_folders(folder: Path) -> list[Path]:
    """Make a folder and those above it; say which were new, so that they can be taken away."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _remove_folders(missing)
        raise UserError(f"Cannot make the folder {folder}: {error.strerror}.") from error
    return missing


def _remove_folders(folders: list[Path]) -> None:
    for folder in folders:
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _move_in(fresh: Path, target: Path, old: Path) -> None:
    """Put the new folder in the place of the old one, or leave the old one as it was."""
    try:
        if target.exists():
            target.rename(old)
        fresh.rename(target)
    except OSError as error:
        if old.exists() and not target.exists():
            old.rename(target)
        raise UserError(f"Cannot replace {target}: {error.strerror}.") from error
    except BaseException:
        if old.exists() and not target.exists():
            old.rename(target)
        raise


def _readme(order: Order, counts: dict[str, int]) -> str:
    files = "\n".join(f"  {name}: {rows:,} rows" for name, rows in counts.items())
    return f"""SYNTHETIC DATA - NO REAL PERSON IS IN THESE FILES

Made by scripts/synthesise.py of social_care_warehouse:
  --pupils {order.pupils} --seed {order.seed} --release {order.release}{
        " --clean" if order.clean else ""
    }

{files}
  {TRUTH_DIR}/*.parquet: what truly happened in these made-up lives

How it was made: each child's contact with social care was simulated from chance alone, at rates
fitted to published national figures. No record of any real child was read. The extracts then show
of these lives what the real ones would show{
        "." if order.clean else ", with the faults that users of the real ones have met."
    }

What it is for: developing, testing, teaching and timing programs that read the real extracts.
What it is not for: any finding about children, families, authorities or services. Only what was
fitted is near the truth; relations between columns are mostly as simple as they were assumed to be.

The same options give the same files. More: docs/synthetic-extracts.md.
"""
