"""What several tests build on."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import run_script
from synthetic import Extracts, make


@pytest.fixture(scope="session")
def default_extracts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The extracts of `make warehouse`: 100,000 synthetic pupils, seed 1. Read only."""
    folder = tmp_path_factory.mktemp("default") / "synthetic"
    done = run_script("synthesise", folder, "--pupils", 100_000, "--seed", 1)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def default_warehouse(default_extracts: Path) -> Path:
    """The warehouse of `make warehouse`, built by the same command. Read only.

    What the build printed is next to it, in screen.txt.
    """
    database = default_extracts.parent / "warehouse.duckdb"
    done = run_script("build", default_extracts, "--database", database)
    assert done.returncode == 0, done.stdout + done.stderr
    database.with_name("screen.txt").write_text(done.stdout, encoding="utf-8")
    return database


@pytest.fixture(scope="session")
def small_extracts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Extracts of 3,000 synthetic pupils, with all their dirt. Read only."""
    folder = tmp_path_factory.mktemp("small") / "synthetic"
    done = run_script("synthesise", folder, "--pupils", 3_000, "--seed", 3)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Extracts:
    folder = tmp_path_factory.mktemp("clean") / "out"
    return Extracts(make(folder, "--pupils", 12000, "--seed", 7, "--clean"))


@pytest.fixture(scope="session")
def all_episodes(tmp_path_factory: pytest.TempPathFactory) -> Extracts:
    folder = tmp_path_factory.mktemp("all") / "out"
    options = ("--pupils", 12000, "--seed", 7, "--clean", "--release", "all-episodes")
    return Extracts(make(folder, *options))


@pytest.fixture(scope="session")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> Extracts:
    folder = tmp_path_factory.mktemp("dirty") / "out"
    return Extracts(make(folder, "--pupils", 50000, "--seed", 5, "--release", "all-episodes"))


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
