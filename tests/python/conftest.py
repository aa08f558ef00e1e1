"""What several tests use.

pytest runs in two processes. What takes long to make is made by the first one that needs it, and
the other one waits and reads the same files.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import run_script
from compiled_models import CompiledModels, compile_models
from filelock import FileLock
from synthetic import Extracts, make

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
def models(tmp_path_factory: pytest.TempPathFactory) -> CompiledModels:
    """The project, compiled, to run on little extracts."""
    return compile_models(tmp_path_factory.mktemp("models"))


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
