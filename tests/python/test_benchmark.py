"""The benchmark compares answers before it shows a time, and measures each way alone."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from commands import run_dev

from dev.benchmark import page, runs
from dev.benchmark.__main__ import main
from dev.page import find_page

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="memory of processes is read from /proc"
)

WRONG = """
import runpy, sys, duckdb, json, os
ours = {{name: of for name, of in os.environ.items() if name.startswith("WAREHOUSE_")}}
open({notes!r}, "w").write(json.dumps(ours))
sys.path.insert(0, {ways!r})
runpy.run_path({ways!r} + "/floor.py")
persons = duckdb.read_parquet("answer.parquet")
duckdb.sql("copy ({change}) to 'other.parquet' (format parquet)")
os.replace("other.parquet", "answer.parquet")
"""
FLOOR = runs.WAYS[0]


def run_with(change: str, folder: Path, monkeypatch: pytest.MonkeyPatch, size: str = "1000"):
    """Run the benchmark with plain DuckDB, and with a way that changes its answer."""
    program = folder / "wrong.py"
    notes, ways = str(folder / "notes.json"), str(Path(runs.__file__).parent / "ways")
    program.write_text(WRONG.format(ways=ways, change=change, notes=notes), encoding="utf-8")
    monkeypatch.setattr(runs, "WAYS", (FLOOR, runs.Way("other", "another way", str(program))))
    return CliRunner().invoke(main, ["--pupils", size, "--folder", str(folder)])


def test_all_ways_agree_and_are_measured(tmp_path: Path) -> None:
    names = ("floor", "polars", "pandas", "marts", "warehouse-tested")
    options = (option for name in names for option in ("--only", name))
    done = run_dev("benchmark", "--pupils", "1000:1", "--folder", tmp_path, *options)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    assert "all answers are the same, row for row" in done.stdout
    result = json.loads((tmp_path / "benchmark.json").read_text("utf-8"))
    assert [run["way"] for run in result["runs"]] == list(names)
    assert all(run["wall_seconds"] > 0 < run["cpu_seconds"] for run in result["runs"])
    assert all(2e7 < run["peak_bytes"] < 2e10 for run in result["runs"])
    (floor, *_, tested) = page.table(result, 1000)[1]
    assert floor[4] == "1.0"
    assert float(tested[4]) > 1


@pytest.mark.parametrize(
    "change",
    [
        "select pupil_id, highest_intervention || '?' as highest_intervention from persons",
        "from persons limit 999",
        "from persons union all from (from persons limit 1)",
    ],
)
def test_a_wrong_answer_is_found_before_a_time_is_shown(change, tmp_path, monkeypatch) -> None:
    done = run_with(change, tmp_path, monkeypatch)
    assert done.exit_code == 1, done.output
    assert "another way and plain DuckDB give different answers" in done.output
    assert " s " not in done.output
    assert "SYN" not in done.output.replace("SYNTHETIC", "")
    assert not (tmp_path / "benchmark.json").exists()


def test_a_way_that_fails_does_not_lose_the_runs_before_it(tmp_path, monkeypatch) -> None:
    done = run_with("from nothing", tmp_path, monkeypatch)
    assert done.exit_code == 2, done.output
    assert "another way failed." in done.output
    result = json.loads((tmp_path / "benchmark.json").read_text("utf-8"))
    assert [run["way"] for run in result["runs"]] == ["floor"]


def test_repeats_take_turns_without_the_users_settings(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("WAREHOUSE_MEMORY", "500MB")
    monkeypatch.setenv("WAREHOUSE_PARQUET", "elsewhere")
    done = run_with("from persons", tmp_path, monkeypatch, size="1000:3")
    assert done.exit_code == 0, done.output
    result = json.loads((tmp_path / "benchmark.json").read_text("utf-8"))
    ways = [run["way"] for run in result["runs"]]
    assert ways == ["floor", "other", "other", "floor", "floor", "other"]
    settings = json.loads((tmp_path / "notes.json").read_text("utf-8"))
    assert set(settings) == {"WAREHOUSE_MEMORY", "WAREHOUSE_THREADS"}
    assert settings["WAREHOUSE_MEMORY"] != "500MB"


@pytest.mark.parametrize("size", ["0", "ten", "100:", ":3"])
def test_a_wrong_size_is_refused(size: str, tmp_path: Path) -> None:
    done = run_dev("benchmark", "--pupils", size, "--folder", tmp_path)
    assert done.returncode == 2
    assert "--pupils takes a number, or number:repeats" in done.stderr


def test_memory_is_that_of_all_processes(tmp_path: Path) -> None:
    held = "held = bytearray(150_000_000); import time; time.sleep(1.5)"
    code = f"import subprocess, sys; child = subprocess.Popen([sys.executable, '-c', {held!r}])\n"
    cost = runs.measure([sys.executable, "-c", f"{code}{held}\nchild.wait()"], tmp_path, {})
    assert cost["exit_code"] == 0
    assert 300e6 < cost["peak_bytes"] < 450e6
    assert cost["wall_seconds"] > 1.5


def test_memory_of_the_benchmark_itself_is_not_counted(tmp_path: Path) -> None:
    held = bytearray(b"x") * 300_000_000
    cost = runs.measure([sys.executable, "-c", "pass"], tmp_path, {})
    assert cost["peak_bytes"] < len(held) / 3


def test_processor_time_is_that_of_all_processes(tmp_path: Path) -> None:
    busy = "import time\nwhile time.process_time() < 0.6: pass"
    code = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {busy!r}])\n{busy}"
    assert 1.2 <= runs.measure([sys.executable, "-c", code], tmp_path, {})["cpu_seconds"] < 3


def test_the_page_shows_the_stored_result(tmp_path: Path) -> None:
    figures = find_page("scale.md").parent / "figures"
    result = json.loads((figures / "benchmark.json").read_text("utf-8"))
    path, text = page.filled_page(result)
    assert path.read_text("utf-8") == text, "run make scale"
    assert page.draw(result, tmp_path).read_text("utf-8") == (figures / "benchmark.svg").read_text(
        "utf-8"
    )
    page.write(result, tmp_path / "benchmark.json")
    written = (tmp_path / "benchmark.json").read_text("utf-8")
    assert written == (figures / "benchmark.json").read_text("utf-8")


def test_the_table_shows_the_run_of_median_time() -> None:
    cost = {"pupils": 1, "way": "floor", "label": "plain DuckDB", "cpu_seconds": 1}
    times = (40, 10, 30, 20)
    result = {"runs": [cost | {"wall_seconds": time, "peak_bytes": time * 1e9} for time in times]}
    assert page.table(result, 1)[1] == [["plain DuckDB", "20.0 s", "1.0 s", "20.0 GB", "1.0", "4"]]
