"""What several tests use.

pytest runs in two processes. What takes long to make is made by the first one that needs it, and
the other one waits and reads the same files.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from commands import run_script
from compiled_models import CompiledModels, compile_models, open_models
from filelock import FileLock
from last_good import make_database
from output_warehouses import persons, warehouse
from synthetic import Extracts, make

# A shell starts what runs in the background without Ctrl-C, and every process started from there is
# without it too. The tests press it.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

Share = Callable[[str, Callable[[Path], object]], Path]


@pytest.fixture(scope="session")
def share(tmp_path_factory: pytest.TempPathFactory) -> Share:
    """Gives share(name, fill): a folder of this name that `fill` filled once for all processes."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent

    def made_once(name: str, fill: Callable[[Path], object]) -> Path:
        folder = base / f"shared_{name}"
        is_whole = folder / "is_whole"
        with FileLock(base / f"shared_{name}.lock"):
            if not is_whole.exists():
                # Where an earlier attempt failed, the test in the other process fails as well.
                folder.mkdir()
                fill(folder)
                is_whole.touch()
        return folder

    return made_once


@pytest.fixture(scope="session", autouse=True)
def parsed_by_dbt(share: Share) -> None:
    """Where run_dbt keeps what dbt read of the project in this run of the tests."""
    os.environ["PARSED_BY_DBT"] = str(share("parsed_by_dbt", lambda _: None))


@pytest.fixture(scope="session")
def default_extracts(share: Share) -> Path:
    """The extracts of `make warehouse`: 100,000 synthetic pupils, all datasets. Read only."""
    arguments = ("--pupils", 100_000, "--seed", 1, "--datasets", "all")
    return share("default", lambda folder: make(folder / "synthetic", *arguments)) / "synthetic"


@pytest.fixture(scope="session")
def default_warehouse(share: Share, default_extracts: Path) -> Path:
    """The warehouse of `make warehouse`, built by the same command. Read only.

    What the build printed is next to it, in screen.txt.
    """
    represented = (default_extracts / "truth" / "children_represented.txt").read_text().strip()

    def build(folder: Path) -> None:
        done = run_script(
            "build", default_extracts, "--database", folder / "warehouse.duckdb",
            "--children-represented", represented,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        (folder / "screen.txt").write_text(done.stdout, encoding="utf-8")

    return share("default_warehouse", build) / "warehouse.duckdb"


@pytest.fixture(scope="session")
def outcome_warehouse(default_warehouse: Path) -> Path:
    """A warehouse with rows in every table of outcomes. Read only."""
    return default_warehouse


@pytest.fixture(scope="session")
def small_extracts(share: Share) -> Path:
    """Extracts of 3,000 synthetic pupils, with all their faults. Read only."""
    arguments = ("--pupils", 3_000, "--seed", 3)
    return share("small", lambda folder: make(folder / "synthetic", *arguments)) / "synthetic"


@pytest.fixture(scope="session")
def models(share: Share) -> CompiledModels:
    """The project, compiled, to run on little extracts."""
    return open_models(share("models", compile_models))


@pytest.fixture(scope="session")
def clean(share: Share) -> Extracts:
    arguments = ("--pupils", 12000, "--seed", 7, "--clean")
    return Extracts(share("clean", lambda folder: make(folder / "out", *arguments)) / "out")


@pytest.fixture(scope="session")
def all_episodes(share: Share) -> Extracts:
    arguments = ("--pupils", 12000, "--seed", 7, "--clean", "--release", "all-episodes")
    return Extracts(share("all", lambda folder: make(folder / "out", *arguments)) / "out")


@pytest.fixture(scope="session")
def dirty(share: Share) -> Extracts:
    arguments = ("--pupils", 50000, "--seed", 5, "--release", "all-episodes")
    return Extracts(share("dirty", lambda folder: make(folder / "out", *arguments)) / "out")


@pytest.fixture(scope="session")
def clean_files(share: Share) -> Path:
    """Extracts of all datasets of 6,000 synthetic pupils, without faults. Read only."""
    arguments = ("--pupils", 6_000, "--seed", 5, "--clean", "--datasets", "all")
    return share("clean_files", lambda folder: make(folder / "out", *arguments)) / "out"


@pytest.fixture(scope="session")
def later_files(share: Share) -> Path:
    """Extracts of the same pupils up to 2025, with faults. Read only."""
    arguments = ("--pupils", 6_000, "--seed", 5, "--datasets", "all", "--until", 2025)
    return share("later_files", lambda folder: make(folder / "out", *arguments)) / "out"


def build_clean(folder: Path, options: Sequence[object], *marts: str) -> None:
    """Make extracts without faults in the folder, and a warehouse of them (no marts: all)."""
    extracts = make(folder / "extracts", "--clean", *options)
    select = ("--select", *marts) if marts else ()
    done = run_script("build", extracts, "--database", folder / "warehouse.duckdb", *select)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def clean_latest_episodes(share: Share) -> Path:
    """A folder with clean extracts of all datasets, and a warehouse of two marts. Read only.

    With fewer pupils, a year of the early exclusion files can be empty, which looks like no
    delivery.
    """
    options = ("--pupils", 20_000, "--seed", 7, "--datasets", "all")
    marts = ("person_outcome", "person_highest_intervention")
    return share("clean_latest_episodes", lambda folder: build_clean(folder, options, *marts))


@pytest.fixture(scope="session")
def clean_all_episodes(share: Share) -> Path:
    """A folder with clean social care extracts of every episode, and a warehouse. Read only."""
    options = ("--pupils", 10_000, "--seed", 11, "--release", "all-episodes")
    return share("clean_all_episodes", lambda folder: build_clean(folder, options))


@pytest.fixture
def extracts(tmp_path: Path) -> Path:
    """An empty folder for a delivery."""
    folder = tmp_path / "extracts"
    folder.mkdir()
    return folder


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Where a database may be made, in a folder of its own."""
    folder = tmp_path / "out"
    folder.mkdir()
    return folder / "warehouse.duckdb"


@pytest.fixture(scope="session")
def little(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of a few hundred persons in groups of known size."""
    groups = [
        (14, "'low', 'c1', i < 2, 5, 5, null, 10"),
        (15, "'middle', 'c1', i < 3, i, 5, null, 11"),
        (45, "'high', 'c1', i < 20, i, i, null, 12"),
        (100, "'low', 'c2', i < 50, 1, case when i = 0 then 1000 else 1 end, null, 10"),
        (104, "'middle', 'c2', case when i < 60 then i < 30 end, i, 1, null, 11"),
        (30, "'high', 'c2', i < 12, 0, 0, null, 12"),
        (3, "'high', 'rare', true, 7, 7, null, 47"),
        (40, "null, 'c2', true, 7, 7, null, null"),
    ]
    return warehouse(
        tmp_path_factory.mktemp("little") / "w.duckdb",
        persons(groups),
        """
        create table marts.counted (
            area varchar, outcome varchar, n_persons bigint, n_observed bigint, n_yes bigint,
            n_expected double, ratio double, ratio_lower_95 double, median_value double
        );
        insert into marts.counted values
            ('A', 'one', 200, 180, 60, 48.26, 1.2434, 0.95123, 3.456),
            ('B', 'one', 150, 150, 8, 20.0, 0.4, 0.2, 1),
            ('C', 'one', 150, 120, 40, 9.5, 4.2, 3.1, 2),
            ('D', 'one', 60, 19, 10, 12, 0.83, 0.5, 2);
        """,
    )


@pytest.fixture(scope="session")
def few_extracts(share: Share) -> Path:
    """Social care extracts of 60 synthetic pupils. Read only."""
    arguments = ("--pupils", 60, "--seed", 11)
    return share("few", lambda folder: make(folder / "synthetic", *arguments)) / "synthetic"


@pytest.fixture
def last_good(tmp_path: Path) -> Path:
    """A small database that plays the last good warehouse, in a folder of its own."""
    folder = tmp_path / "warehouse"
    folder.mkdir()
    return make_database(folder / "warehouse.duckdb", "last good")
