"""The benchmark: it runs from end to end, and tells no time of ways that disagree."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from commands import PROJECT_DIR, run_dev, run_script

from dev.benchmark import contenders
from dev.benchmark.__main__ import main as benchmark_command
from dev.benchmark.contenders import Contender
from dev.benchmark.extracts import Extracts
from dev.benchmark.measure import run_measured
from dev.benchmark.result import Result as BenchmarkResult
from social_care_warehouse.loading.engine import DEFAULTS

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="memory of processes is read in /proc"
)

N_PUPILS, SEED = 1_500, 5
TIME = re.compile(r"\d s\b")
PYTHON_WAYS = ("floor", "polars", "pandas", "warehouse", "warehouse-tested")
TAKE_THE_ANSWER = """
import runpy, sys, duckdb
sys.path.insert(0, {ways!r})
sys.argv = ["floor.py", sys.argv[1]]
runpy.run_path({ways!r} + "/floor.py")
persons = duckdb.read_parquet("answer.parquet")
{change}
duckdb.sql("copy changed to 'other.parquet' (format parquet)")
import os
os.replace("other.parquet", "answer.parquet")
"""
WRONG = {
    "another category": (
        'changed = persons.select("pupil_id, case when pupil_id = (select min(pupil_id) from'
        " persons) then 'child looked after' || '?' else highest_intervention end as"
        ' highest_intervention")'
    ),
    "a pupil missing": 'changed = persons.order("pupil_id").limit(1499)',
    "a pupil twice": 'changed = persons.union(persons.order("pupil_id").limit(1))',
}


NOTE_AND_ANSWER = """
import json, os, runpy, sys
sys.path.insert(0, {ways!r})
extracts = sys.argv[1]
with open({notes!r}, "a") as notes:
    ours = {{name: of for name, of in os.environ.items() if name.startswith("WAREHOUSE_")}}
    print(json.dumps([os.environ["NAME"], extracts, ours]), file=notes)
sys.argv = ["floor.py", extracts]
runpy.run_path({ways!r} + "/floor.py")
"""


@pytest.fixture(scope="module")
def extracts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("benchmark") / "extracts"
    done = run_script("synthesise", folder, "--pupils", N_PUPILS, "--seed", SEED)
    assert done.returncode == 0, done.stderr
    return folder


def run_with(
    contender: Contender, extracts: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Result:
    """Run the benchmark with the floor and one more."""
    floor = next(one for one in contenders.CONTENDERS if one.name == contenders.FLOOR)
    return run_these((floor, contender), 1, extracts, folder, monkeypatch)


def run_these(
    these: tuple[Contender, ...],
    repeats: int,
    extracts: Path,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Result:
    monkeypatch.setattr(contenders, "CONTENDERS", these)
    arguments = (
        "--pupils", N_PUPILS, "--repeats", repeats, "--extracts", extracts, "--folder", folder,
    )  # fmt: skip
    return CliRunner().invoke(benchmark_command, [str(argument) for argument in arguments])


def who_notes(notes: Path, names: tuple[str, ...]) -> tuple[Contender, ...]:
    """Contenders that answer, and write down who ran on what, with which settings of ours."""
    program = notes.with_suffix(".py")
    code = NOTE_AND_ANSWER.format(ways=str(contenders.WAYS), notes=str(notes))
    program.write_text(code, encoding="utf-8")
    return tuple(Contender(name, f"way {name}", program, {"NAME": name}) for name in names)


def noted(notes: Path) -> list[tuple[str, str, dict[str, str]]]:
    return [tuple(json.loads(line)) for line in notes.read_text("utf-8").splitlines()]


def test_all_ways_agree_and_are_measured(extracts: Path, tmp_path: Path) -> None:
    result_path = tmp_path / "result" / "benchmark.json"
    done = run_dev(
        "benchmark", "--pupils", f"{N_PUPILS}:1", "--extracts", extracts, "--memory-limit", "1GB",
        "--folder", tmp_path / "work", "--json", result_path,
        *(argument for name in PYTHON_WAYS for argument in ("--only", name)),
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    before, agreed, after = done.stdout.partition("All answers are the same, row for row.")
    assert agreed
    assert not TIME.search(before)
    assert TIME.search(after)

    result = json.loads(result_path.read_text("utf-8"))
    assert [run["contender"] for run in result["runs"]] == [*PYTHON_WAYS, contenders.LIMITED]
    for run in result["runs"]:
        assert 0 < run["wall_seconds"] < 600
        assert 0 < run["cpu_seconds"] < 600
        assert 2e7 < run["peak_bytes"] < 2e10
    assert result["sizes"][0]["rows"]["population.csv"] == N_PUPILS
    assert result["sizes"][0]["seed"] == SEED
    assert {"processor", "cores", "memory_gb"} <= set(result["machine"])
    assert {"duckdb", "polars", "pandas", "Python"} <= set(result["versions"])
    ours = next(run for run in result["runs"] if run["contender"] == "warehouse")
    parts = ("load", "dbt_start_and_parse", "statements", "dbt_else")
    assert all(ours["steps"][part] > 0 for part in parts)
    assert sum(ours["steps"][part] for part in parts) < ours["wall_seconds"]
    for ending in ("svg", "png"):
        assert result_path.with_suffix(f".{ending}").stat().st_size > 10_000


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_way_is_caught_before_a_time_is_told(
    what: str, extracts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "wrong.py"
    code = TAKE_THE_ANSWER.format(ways=str(contenders.WAYS), change=WRONG[what])
    program.write_text(code, encoding="utf-8")
    wrong = Contender("polars", "a wrong way", program)
    done = run_with(wrong, extracts, tmp_path / "work", monkeypatch)
    assert done.exit_code == 1, done.output
    assert "a wrong way and DuckDB by hand (the floor) do not give the same answer" in done.stderr
    assert not TIME.search(done.output)
    assert "SYN" not in done.output.replace("SYNTHETIC", "")
    assert not (tmp_path / "work" / "benchmark.json").exists()


def test_sizes_that_agreed_are_kept_when_a_larger_one_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "wrong.py"
    change = 'changed = persons.order("pupil_id").limit(2_000)'
    code = TAKE_THE_ANSWER.format(ways=str(contenders.WAYS), change=change)
    program.write_text(code, encoding="utf-8")
    names = (contenders.FLOOR, "polars")
    these = (
        next(one for one in contenders.CONTENDERS if one.name == names[0]),
        Contender(names[1], "wrong from 2,000 on", program),
    )
    monkeypatch.setattr(contenders, "CONTENDERS", these)
    work = tmp_path / "work"
    arguments = ("--pupils", "3000:1", "--pupils", "500:1", "--folder", str(work))
    done = CliRunner().invoke(benchmark_command, arguments)
    assert done.exit_code == 1, done.output
    assert "No time of this size is told." in done.stderr
    assert not TIME.search(done.output)
    result = BenchmarkResult.read(work / "benchmark.json")
    assert result.pupils == [500]
    assert [run["contender"] for run in result.content["runs"]] == list(names)


def test_the_same_way_under_another_name_is_not_caught(
    extracts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "right.py"
    code = TAKE_THE_ANSWER.format(ways=str(contenders.WAYS), change="changed = persons")
    program.write_text(code, encoding="utf-8")
    right = Contender("polars", "a right way", program)
    done = run_with(right, extracts, tmp_path / "work", monkeypatch)
    assert done.exit_code == 0, done.output
    assert "a right way" in done.output


def test_settings_of_the_user_do_not_reach_the_ways(
    extracts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAREHOUSE_MEMORY", "500MB")
    monkeypatch.setenv("WAREHOUSE_THREADS", "77")
    monkeypatch.setenv("WAREHOUSE_PARQUET", "elsewhere")
    notes, work = tmp_path / "notes", tmp_path / "work"
    done = run_these(who_notes(notes, (contenders.FLOOR,)), 1, extracts, work, monkeypatch)
    assert done.exit_code == 0, done.output
    told = {
        "WAREHOUSE_THREADS": str(os.cpu_count()), "WAREHOUSE_MEMORY": DEFAULTS["WAREHOUSE_MEMORY"],
    }  # fmt: skip
    assert all(ours == told for *_, ours in noted(notes))
    assert json.loads((work / "benchmark.json").read_text("utf-8"))["ours"] == told


def test_all_is_warm_before_a_size_is_timed(
    extracts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes, work = tmp_path / "notes", tmp_path / "work"
    read_through = Extracts.read_through

    def note_and_read(self: Extracts) -> None:
        before = bytes_read()
        read_through(self)
        assert bytes_read() - before >= self.n_bytes
        with notes.open("a", encoding="utf-8") as file:
            print(json.dumps(["read through", str(self.folder), {}]), file=file)

    monkeypatch.setattr(Extracts, "read_through", note_and_read)
    done = run_these(who_notes(notes, (contenders.FLOOR, "polars")), 1, extracts, work, monkeypatch)
    assert done.exit_code == 0, done.output
    few = str(work / "warm-up" / "extracts-1000")
    assert [(name, folder) for name, folder, _ in noted(notes)] == [
        (contenders.FLOOR, few),
        ("polars", few),
        ("read through", str(extracts)),
        (contenders.FLOOR, str(extracts)),
        ("polars", str(extracts)),
    ]
    runs = BenchmarkResult.read(work / "benchmark.json").content["runs"]
    assert [run["pupils"] for run in runs] == [N_PUPILS, N_PUPILS]
    assert "every way once on few pupils, not timed" in done.output


def bytes_read() -> int:
    """How much this process has read so far, from the disk or its cache."""
    counted = Path("/proc/self/io").read_text(encoding="utf-8")
    return int(re.search(r"^rchar: (\d+)$", counted, re.MULTILINE)[1])


def test_each_repeat_begins_with_the_next_way(
    extracts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = (contenders.FLOOR, "polars", "pandas")
    notes, work = tmp_path / "notes", tmp_path / "work"
    done = run_these(who_notes(notes, names), 4, extracts, work, monkeypatch)
    assert done.exit_code == 0, done.output
    floor, polars, pandas = names
    ran = [name for name, folder, _ in noted(notes) if folder == str(extracts)]
    assert ran == [
        floor, polars, pandas, polars, pandas, floor, pandas, floor, polars, floor, polars, pandas,
    ]  # fmt: skip
    result = BenchmarkResult.read(work / "benchmark.json")
    assert [run["contender"] for run in result.content["runs"]] == ran
    assert [middle.contender for middle in result.middles(N_PUPILS)] == list(names)


def test_a_way_that_fails_is_told_in_one_sentence(
    extracts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "fails.py"
    program.write_text("import sys; sys.exit(3)", encoding="utf-8")
    failing = Contender("polars", "a failing way", program)
    done = run_with(failing, extracts, tmp_path / "work", monkeypatch)
    assert done.exit_code == 2
    assert "a failing way failed on 1,000 pupils (exit code 3)" in done.stderr
    assert not TIME.search(done.output)


def test_memory_is_that_of_all_processes(tmp_path: Path) -> None:
    held = "held = bytearray(150_000_000); import time; time.sleep(1.5)"
    code = f"import subprocess, sys; child = subprocess.Popen([sys.executable, '-c', {held!r}])\n"
    command = [sys.executable, "-c", f"{code}{held}\nchild.wait()"]
    cost = run_measured(command, tmp_path, {})
    assert cost.exit_code == 0
    assert 300e6 < cost.peak_bytes < 450e6
    assert 1.5 < cost.wall_seconds < 30


def test_memory_of_whoever_measures_is_not_counted(tmp_path: Path) -> None:
    held = bytearray(b"x") * 300_000_000
    cost = run_measured([sys.executable, "-c", "pass"], tmp_path, {})
    assert cost.peak_bytes < len(held) / 3


def test_time_is_that_of_all_processes(tmp_path: Path) -> None:
    busy = "import time\nwhile time.process_time() < 0.6: pass"
    code = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {busy!r}])\n{busy}"
    cost = run_measured([sys.executable, "-c", code], tmp_path, {})
    assert 1.2 <= cost.cpu_seconds < 3


def test_r_is_skipped_where_it_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    reasons = {one.name: contenders.why_not(one) for one in contenders.CONTENDERS}
    assert reasons.pop("dplyr") == "Rscript is not on the path"
    assert set(reasons.values()) == {None}


def test_nobody_to_run_is_said(tmp_path: Path) -> None:
    done = run_dev(
        "benchmark", "--only", "dplyr", "--folder", tmp_path / "work",
        environment={"PATH": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 2
    assert "None of the ways asked for can run on this machine." in done.stderr


@pytest.mark.parametrize("asked", ["0", "ten", "100:0", "100:", ":3"])
def test_a_size_that_is_none_is_refused(asked: str, tmp_path: Path) -> None:
    done = run_dev("benchmark", "--pupils", asked, "--folder", tmp_path)
    assert done.returncode == 2
    assert "--pupils takes a number, or number:repeats" in done.stderr


def test_a_folder_without_extracts_is_refused(tmp_path: Path) -> None:
    done = run_dev("benchmark", "--extracts", tmp_path, "--folder", tmp_path / "work")
    assert done.returncode == 2
    assert "README-SYNTHETIC.txt" in done.stderr
    assert str(PROJECT_DIR) not in done.stderr


@pytest.mark.parametrize(
    ("made_with", "asked"),
    [
        (("--seed", 5), ("--seed", 1)),
        (("--seed", 5, "--release", "all-episodes"), ()),
        (("--seed", 5, "--clean"), ("--seed", 5)),
    ],
)
def test_extracts_of_another_kind_are_refused(
    made_with: tuple[object, ...], asked: tuple[object, ...], tmp_path: Path
) -> None:
    folder = tmp_path / "extracts"
    made = run_script("synthesise", folder, "--pupils", 10, *made_with)
    assert made.returncode == 0, made.stderr
    done = run_dev(
        "benchmark", "--pupils", 10, "--extracts", folder, "--folder", tmp_path / "work", *asked
    )
    assert done.returncode == 2
    said = " ".join(done.stderr.split())
    assert f"{folder} was made with --seed 5" in said
    assert "--release latest-episode is asked for." in said
    assert not (tmp_path / "work").exists()


def test_what_it_runs_ends_with_it(extracts: Path, tmp_path: Path) -> None:
    command = [
        sys.executable, "-m", "dev.benchmark", "--pupils", str(N_PUPILS),
        "--extracts", str(extracts), "--only", "warehouse", "--folder", str(tmp_path / "work"),
    ]  # fmt: skip
    output = tmp_path / "work" / "run" / "output.txt"
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=os.environ | {"PYTHONPATH": str(PROJECT_DIR / "scripts")},
    ) as process:
        deadline = time.monotonic() + 60
        # The loader has spoken, so the way has processes of its own.
        while not (output.exists() and output.stat().st_size) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert output.stat().st_size
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) != 0
    time.sleep(0.5)
    assert not processes_with(tmp_path / "work")


def processes_with(folder: Path) -> list[str]:
    """The commands of all processes that work in a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink().is_relative_to(folder):
                found.append((process / "cmdline").read_text())
        except OSError:
            continue
    return found
