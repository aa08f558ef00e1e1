"""Signals and a full disk while a command reads a warehouse: all of its result, or nothing."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from commands import PROJECT_DIR, run, run_cli
from last_good import POSIX_ONLY
from output_warehouses import persons, specification, warehouse
from test_areas_command import counts_by_authority, make_warehouse

# Runs a command in which one function sends two signals before it does its work.
INTERRUPTED = """
import importlib, os, signal, sys
sys.path.insert(0, sys.argv[1])
module, name = sys.argv[2].rsplit(".", 1)
place = importlib.import_module(module)
if ":" in name:
    place, name = getattr(place, name.split(":")[0]), name.split(":")[1]
original = getattr(place, name)
def interrupted(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGINT)
    os.kill(os.getpid(), signal.SIGTERM)
    return original(*args, **kwargs)
setattr(place, name, interrupted)
from social_care_warehouse.cli import main
sys.argv[1:] = sys.argv[4:]
main(sys.argv.pop(1))
"""

ROOM = 400
PACKAGE = "social_care_warehouse"
LOADED = """
create or replace table meta.input_file as
    select 'x.csv' as file_name, 1 as rows_loaded, 'a' as sha256;
"""
# The function at the beginning, in the middle and, where there is one, in the last step.
PLACES = {
    "export": ("engine.set_limits", "exporting.export._write", "pathlib.Path:replace"),
    "outputs": ("engine.set_limits", "outputs.write.request", "pathlib.Path:replace"),
    "report": ("engine.set_limits", "reporting.report.render", "pathlib.Path:replace"),
    "areas": ("areas.warehouse.set_limits", "areas.model.effect_rows", None),
}
SAID = {
    "export": "No file was written.",
    "outputs": "No table was written.",
    "report": "No report was written.",
    "areas": "The warehouse is unchanged.",
}


def arguments(command: str, folder: Path) -> list[str]:
    """A small warehouse, and what to make of it."""
    database = folder / "warehouse.duckdb"
    if command == "areas":
        make_warehouse(database, *counts_by_authority(12))
        return [command, "--database", str(database), "--level", "child in need"]
    values = "'low', '1990/1991', true, 1, 1.5, date '2011-05-01', 16"
    warehouse(database, persons([(30, values)]), LOADED)
    target = {"export": "made/files", "outputs": "made/tables", "report": "report.html"}[command]
    more = {"export": ["--format", "csv"], "outputs": ["--spec", str(folder / "spec.yml")]}
    (folder / "spec.yml").write_text(str(specification()), encoding="utf-8")
    return [
        command,
        "--database",
        str(database),
        "--to",
        str(folder / target),
        *more.get(command, []),
    ]


def below(folder: Path) -> dict[Path, bytes]:
    """Every file and folder, with what is in it."""
    return {path: path.read_bytes() if path.is_file() else b"" for path in folder.rglob("*")}


def interrupted(place: str, words: list[str]) -> subprocess.CompletedProcess[str]:
    where = place if place.startswith("pathlib") else f"{PACKAGE}.{place}"
    scripts = PROJECT_DIR / "scripts"
    return run(sys.executable, "-c", INTERRUPTED, scripts, where, "", *words)


@POSIX_ONLY
@pytest.mark.parametrize("command", PLACES)
def test_a_signal_leaves_nothing_or_comes_too_late(tmp_path: Path, command: str) -> None:
    words = arguments(command, tmp_path)
    before = below(tmp_path)
    *early, last = PLACES[command]
    for place in early:
        done = interrupted(place, words)
        assert (done.returncode, done.stderr) == (130, f"Stopped. {SAID[command]}\n"), place
        assert below(tmp_path) == before, place
    if last:
        done = interrupted(last, words)
        assert done.returncode == 0, done.stderr
        assert "Stopped" not in done.stdout + done.stderr
        made = {path.name for path in below(tmp_path).keys() - before.keys()}
        assert made > {"files"} or made > {"tables", "release"} or made == {"report.html"}
        assert not [name for name in made if name.startswith(".") or name.endswith(".part")]


@POSIX_ONLY
@pytest.mark.parametrize("command", PLACES)
def test_a_full_disk_leaves_nothing(tmp_path: Path, command: str) -> None:
    words = arguments(command, tmp_path)
    before = below(tmp_path)

    def no_room() -> None:
        import resource  # noqa: PLC0415 (Windows does not have it)

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM))

    done = run_cli(*words, preexec_fn=no_room)
    assert done.returncode == 1, done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "disk has room" in done.stderr
    assert below(tmp_path) == before
