"""Runs every contender on a size, one after the other and again, and compares their answers."""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from dev.benchmark.agreement import answer_in, check_same
from dev.benchmark.contenders import Contender
from dev.benchmark.extracts import Extracts
from dev.benchmark.measure import run_measured
from dev.benchmark.settings import environment
from dev.benchmark.steps import read_steps
from social_care_warehouse.console import UserError, console


@dataclass(frozen=True)
class Size:
    """Extracts, who runs on them, and how often."""

    extracts: Extracts
    contenders: tuple[Contender, ...]
    repeats: int


def race(size: Size, folder: Path) -> list[dict[str, object]]:
    """Every run on one size, in the order in which they were made. Says nothing of times.

    The second repeat begins with the second contender, and so on, the others following in turn.
    Each answer is compared with the first of its size as soon as it is there, so nothing is told of
    a way that gives another answer. Raises DisagreementError.
    """
    runs: list[dict[str, object]] = []
    first: tuple[str, Path] | None = None
    for repeat in range(1, size.repeats + 1):
        begin = (repeat - 1) % len(size.contenders)
        for contender in size.contenders[begin:] + size.contenders[:begin]:
            console.print(
                f"  {size.extracts.pupils:,} pupils, {repeat} of {size.repeats}: {contender.label}",
                markup=False,
            )
            run, answer = _run(contender, size.extracts, repeat, folder)
            if first is None:
                first = (contender.label, answer.replace(folder / f"first{answer.suffix}"))
            else:
                check_same(contender.label, answer, *first)
            runs.append(run)
    if first:
        first[1].unlink()
    shutil.rmtree(folder / "run", ignore_errors=True)
    return runs


def _run(
    contender: Contender, extracts: Extracts, repeat: int, folder: Path
) -> tuple[dict[str, object], Path]:
    # Each keeps its own: dbt reads the project anew where a setting differs from the last run.
    work, target = folder / "run", folder / f"dbt-{contender.name}"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    command = contender.command(extracts.folder.absolute(), target.absolute())
    cost = run_measured(command, work, environment() | contender.environment)
    if cost.exit_code:
        raise UserError(
            f"{contender.label} failed on {extracts.pupils:,} pupils (exit code"
            f" {cost.exit_code}); {work / 'output.txt'} has what it said."
        )
    measured = {name: value for name, value in asdict(cost).items() if name != "exit_code"}
    run = {"pupils": extracts.pupils, "contender": contender.name, "label": contender.label}
    run |= {"repeat": repeat} | measured | {"steps": read_steps(work, target)}
    return run, answer_in(work)
