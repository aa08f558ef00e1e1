"""The page on scale and the README say what the benchmark's result says, and nothing else."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from commands import PROJECT_DIR

from dev.benchmark import contenders
from dev.benchmark.figure import draw
from dev.benchmark.page import FIGURES, RESULT, filled_pages, scale_blocks
from dev.benchmark.result import Result
from dev.benchmark.tables import OURS, growth


@pytest.fixture(scope="module")
def result() -> Result:
    return Result.read(PROJECT_DIR / RESULT)


def test_pages_are_as_the_result_has_them(result: Result) -> None:
    for page, text in filled_pages(result).items():
        assert page.read_text("utf-8") == text, f"{page.name}: run scripts/scale.py"


def test_the_figure_is_that_of_the_result(result: Result, tmp_path: Path) -> None:
    for path in draw(result, tmp_path):
        assert path.stat().st_size > 10_000
        assert (PROJECT_DIR / FIGURES / path.name).stat().st_size > 10_000
    name = "benchmark.svg"
    assert (tmp_path / name).read_text("utf-8") == (PROJECT_DIR / FIGURES / name).read_text("utf-8")


def test_the_middle_of_the_repeats_is_shown(result: Result) -> None:
    content = copy.deepcopy(result.content)
    pupils = result.pupils[0]
    runs = [
        run for run in content["runs"] if (run["pupils"], run["contender"]) == (pupils, "floor")
    ]
    content["runs"] = [
        run | {"wall_seconds": wall} for run, wall in zip(runs * 3, (1, 9, 2), strict=False)
    ]
    middle = Result(content).middle(pupils, "floor")
    assert middle is not None
    assert (middle.wall_seconds, middle.wall_to_floor) == (2, 1)


def test_of_an_even_number_of_repeats_the_same_run_is_shown_everywhere(result: Result) -> None:
    content = copy.deepcopy(result.content)
    pupils = result.pupils[0]
    ours = next(run for run in content["runs"] if run["contender"] == OURS)
    content["runs"] = [
        ours | {"wall_seconds": wall, "steps": ours["steps"] | {"load": wall / 10}}
        for wall in (40, 10, 30, 20)
    ]
    even = Result(content)
    middle, steps = even.middle(pupils, OURS), even.steps(pupils)
    assert middle is not None
    assert steps is not None
    assert (middle.wall_seconds, steps["all"], steps["load"]) == (20, 20, 2)


def test_what_ours_were_told_is_said(result: Result) -> None:
    told = {"WAREHOUSE_THREADS": "7", "WAREHOUSE_MEMORY": "3GB"}
    machine = scale_blocks(Result(result.content | {"ours": told}))["machine"]
    assert "This warehouse with `WAREHOUSE_THREADS=7`, `WAREHOUSE_MEMORY=3GB`." in machine


def test_a_size_is_missing_without_harm(result: Result) -> None:
    content = copy.deepcopy(result.content)
    content["sizes"] = content["sizes"][:1]
    runs = [run for run in content["runs"] if run["contender"] != contenders.LIMITED]
    blocks = scale_blocks(Result(content | {"runs": runs}))
    assert blocks["limited"] == "Not measured in this run."
    assert blocks["growth"] == "Measured at one size only."


def test_growth_is_told_between_sizes(result: Result) -> None:
    content = copy.deepcopy(result.content)
    pupils = content["sizes"][0]["pupils"]
    content["sizes"] = [content["sizes"][0], content["sizes"][0] | {"pupils": 10 * pupils}]
    runs = [run for run in content["runs"] if run["pupils"] == pupils]
    larger = [
        run | {"pupils": 10 * pupils, "wall_seconds": 8 * run["wall_seconds"]} for run in runs
    ]
    headings, lines = growth(Result(content | {"runs": runs + larger}))
    assert headings == ["", f"{pupils:,} to {10 * pupils:,}"]
    assert lines[0] == ["bytes of extracts", "1.0"]
    assert {line[1] for line in lines[1:]} <= {"8.0", "-"}
    assert ["wall time: DuckDB by hand (the floor)", "8.0"] in lines
