"""The package: it installs, and its command works from anywhere."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from commands import PROJECT_DIR, run, run_cli

from social_care_warehouse.project import project_version


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from what version control would hold."""
    folder = tmp_path_factory.mktemp("wheel")
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=PROJECT_DIR, capture_output=True, text=True, check=True,
    ).stdout.split("\0")  # fmt: skip
    for name in filter(None, names):
        if (PROJECT_DIR / name).is_file():
            (folder / "project" / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / "project" / name).write_bytes((PROJECT_DIR / name).read_bytes())
    done = run(
        sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation",
        "--no-index", "--wheel-dir", folder, folder / "project",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_the_whole_dbt_project(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
    expected = {
        f"social_care_warehouse/_project/{path.relative_to(PROJECT_DIR)}"
        for folder in ("macros", "models", "profiles", "seeds", "tests/singular")
        for path in (PROJECT_DIR / folder).rglob("*")
        if path.is_file() and path.name != ".user.yml"
    }
    assert "social_care_warehouse/_project/dbt_project.yml" in inside
    assert expected <= inside
    assert not {name for name in inside if name.startswith(("dev/", "scripts/", "tests/"))}


def test_the_installed_command_builds_from_another_folder(wheel: Path, tmp_path: Path) -> None:
    """The package is unpacked where it cannot write, and the checkout is out of its sight."""
    package = tmp_path / "site-packages"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(package)
    work = tmp_path / "work"
    work.mkdir()
    before = sorted(package.rglob("*"))
    environment = {
        "PYTHONPATH": str(package), "PYTHONDONTWRITEBYTECODE": "1", "HOME": str(tmp_path / "home"),
        "XDG_CACHE_HOME": "",
    }  # fmt: skip

    def run_installed(*arguments: str) -> subprocess.CompletedProcess[str]:
        return run_cli(*arguments, cwd=work, environment=environment)

    assert (
        run_installed("--version").stdout == f"social-care-warehouse, version {project_version()}\n"
    )
    for arguments in (
        ("synthesise", "extracts", "--pupils", "60", "--seed", "11"),
        ("check", "extracts"),
        ("load", "extracts", "--database", "w.duckdb"),
        ("build", "--database", "w.duckdb"),
    ):
        done = run_installed(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
    assert "The warehouse is w.duckdb" in done.stdout
    assert sorted(path.name for path in work.iterdir()) == ["extracts", "w.duckdb"]
    assert sorted(package.rglob("*")) == before
    written = [path for path in (tmp_path / "home").rglob("*") if path.is_file()]
    assert sorted(path.suffix for path in written) == [".json", ".msgpack"]


def test_there_is_one_version() -> None:
    project = tomllib.loads((PROJECT_DIR / "pyproject.toml").read_text("utf-8"))["project"]
    dbt_project = yaml.safe_load((PROJECT_DIR / "dbt_project.yml").read_text("utf-8"))
    assert project["version"] == dbt_project["version"] == project_version()


@pytest.mark.parametrize("command", [None, "check", "load", "build", "synthesise", "areas"])
def test_help_and_errors_of_every_command_are_short(command: str | None) -> None:
    start = [command] if command else []
    shown = run_cli(*start, "--help", environment={"COLUMNS": "100"})
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "Usage: social-care-warehouse" in shown.stdout
    wrong = run_cli(*start, "--no-such-option", environment={"COLUMNS": "100"})
    assert wrong.returncode == 2
    assert len(wrong.stderr.splitlines()) == 1
    assert wrong.stderr.endswith("--help lists what you can give.\n")


def test_the_command_alone_shows_its_help_line_by_line() -> None:
    shown, alone = (
        run_cli(*options, environment={"COLUMNS": "100"}) for options in (["--help"], [])
    )
    assert (alone.returncode, alone.stdout, alone.stderr) == (2, "", shown.stdout)
