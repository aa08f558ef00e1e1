"""The command that makes synthetic extracts: bad arguments, interrupts, what was there before."""

from __future__ import annotations

import csv
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from synthetic import COMMAND, FILES, PROJECT_DIR, SETTINGS_DIR, digests, make, synthesise


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--pupils", 0, "--seed", 1), "--pupils"),
        (("--pupils", -5, "--seed", 1), "--pupils"),
        (("--pupils", 10, "--seed", 1, "--release", "newest"), "newest"),
        (("--pupils", 10, "--seed", 10**30), "--seed"),
        (("--pupils", 10, "--seed", 1, "--threads", 0), "--threads"),
        (("--pupils", 10), "--seed"),
        (("--seed", 1), "--pupils"),
        (("--pupils", "many", "--seed", 1), "--pupils"),
        (("--pupils", 1.5, "--seed", 1), "--pupils"),
        (("--pupils", 10, "--seed"), "--seed"),
        (("--pupils", 10, "--seed", 1, "--dirty"), "--dirty"),
        (("--pupils", 10, "--seed", 1, "other"), "other"),
    ],
)
def test_bad_arguments_leave_nothing(
    tmp_path: Path, arguments: tuple[object, ...], word: str
) -> None:
    done = synthesise(tmp_path / "new" / "out", *arguments)
    assert done.returncode == 2
    assert word in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_file_or_a_strange_folder_is_refused(tmp_path: Path) -> None:
    note = tmp_path / "note.txt"
    note.write_text("mine")
    strange = tmp_path / "strange"
    strange.mkdir()
    (strange / "mine.csv").write_text("a\n1\n")
    before = digests(tmp_path)
    for target in (note, note / "below", strange, Path("/proc/synthetic/out")):
        done = synthesise(target, "--pupils", 10, "--seed", 1)
        assert done.returncode == 2, target
        assert len(done.stderr.strip().splitlines()) == 1
    assert digests(tmp_path) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["note.txt", "strange"]


def test_an_earlier_output_is_replaced_but_not_with_a_stranger_in_it(tmp_path: Path) -> None:
    out = make(tmp_path / "out", "--pupils", 300, "--seed", 1)
    first = digests(out)
    make(out, "--pupils", 300, "--seed", 2)
    second = digests(out)
    assert first != second
    (out / "analysis.R").write_text("mine")
    assert synthesise(out, "--pupils", 300, "--seed", 1).returncode == 2
    assert (out / "analysis.R").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent another way there")
@pytest.mark.parametrize("sent", ["SIGINT", "SIGTERM", "SIGKILL"])
def test_stopped_half_way_it_leaves_what_was_there(tmp_path: Path, sent: str) -> None:
    out = make(tmp_path / "out", "--pupils", 300, "--seed", 1)
    before = digests(out)
    stop_half_way(out, sent)
    assert digests(out) == before
    left = {path.name for path in tmp_path.iterdir()} - {"out"}
    # Nobody can tidy up after SIGKILL; what stays says that it is not finished.
    assert left <= ({".out.lock", ".out.unfinished"} if sent == "SIGKILL" else set())
    # And the next run does tidy up.
    make(out, "--pupils", 300, "--seed", 1)
    assert digests(out) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent another way there")
@pytest.mark.parametrize("sent", ["SIGINT", "SIGKILL"])
def test_stopped_half_way_there_are_no_extracts(tmp_path: Path, sent: str) -> None:
    out = tmp_path / "new" / "out"
    stop_half_way(out, sent)
    assert not out.exists()
    if sent == "SIGINT":
        assert list(tmp_path.iterdir()) == []


# The command, which would need half a minute to write the first rows of its usual batches.
IN_SMALL_BATCHES = """
import sys
sys.path.insert(0, sys.argv.pop(1))
from social_care_warehouse.cli import main
from social_care_warehouse.synthesis import generate
generate.BATCH = 5_000
main("synthesise")
"""


def stop_half_way(out: Path, sent: str) -> None:
    """Start extracts of a hundred batches, and send a signal when the first rows are written."""
    running = subprocess.Popen(
        [
            sys.executable, "-c", IN_SMALL_BATCHES, str(PROJECT_DIR / "scripts"), str(out),
            "--pupils", "500000", "--seed", "1",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    deadline = time.monotonic() + 120
    written = out.with_name(f".{out.name}.unfinished") / "new" / FILES[2]
    while time.monotonic() < deadline and not written.exists():
        assert running.poll() is None
        time.sleep(0.02)
    assert written.exists()
    running.send_signal(getattr(signal, sent))
    _, said = running.communicate(timeout=60)
    assert running.returncode == (130 if sent != "SIGKILL" else -signal.SIGKILL)
    assert said.strip() == ("Stopped." if sent != "SIGKILL" else "")


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent another way there")
def test_two_runs_for_one_folder_do_not_meet(tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = subprocess.Popen(
        [*COMMAND, str(out), "--pupils", "300000", "--seed", "1"], stdout=subprocess.DEVNULL
    )
    while not (tmp_path / ".out.unfinished").exists():
        assert first.poll() is None
        time.sleep(0.02)
    second = synthesise(out, "--pupils", 10, "--seed", 1)
    first.terminate()
    first.wait(timeout=60)
    assert second.returncode == 2
    assert "is running" in second.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_sample_says_how_many_children_it_represents(tmp_path: Path) -> None:
    """The weights of the cohorts are thousands of children, whatever the size of the sample."""
    with (SETTINGS_DIR / "birth_cohort.csv").open(encoding="utf-8", newline="") as lines:
        expected = round(1000 * sum(float(row["pupil_weight"]) for row in csv.DictReader(lines)))
    done = synthesise(tmp_path / "out", "--pupils", 20, "--seed", 1)
    assert done.stdout.rstrip().endswith(f"--children-represented {expected}")
    # The build command that it prints can be typed as it is.
    typed = done.stdout.splitlines()[-1].split(": ")[1].split(" build ")[0]
    assert subprocess.run([typed, "--version"], check=False).returncode == 0
    written = (tmp_path / "out" / "truth" / "children_represented.txt").read_text()
    assert written == f"{expected}\n"
