"""Our warehouse against other ways to one row per pupil: `python scripts/benchmark.py`.

Runs each way as a process of its own on the same SYNTHETIC extracts, in turns and repeated, and
compares all answers row for row. Times of a size are told only if all its answers agree. Exits 1 if
any differ. All is warm: before each size every way runs once untimed, and the extracts are read.
"""

from __future__ import annotations

import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from dev.benchmark import contenders, tables
from dev.benchmark.agreement import DisagreementError
from dev.benchmark.extracts import (
    DEFAULT_SEED,
    check_given,
    find_or_make,
    read_extracts,
)
from dev.benchmark.figure import draw
from dev.benchmark.machine import commit, machine, versions
from dev.benchmark.measure import check_machine
from dev.benchmark.race import Size, race
from dev.benchmark.result import Result
from dev.benchmark.settings import SETTINGS_OF_OURS
from dev.benchmark.warming import warm_up
from dev.page import screen_table
from social_care_warehouse.console import (
    PROJECT_DIR,
    UserError,
    console,
    error_console,
    speaks_plainly,
)

DISAGREE_EXIT_CODE = 1


class Pupils(click.ParamType):
    """A number of pupils, and after a colon how often to repeat that size."""

    name = "N[:K]"

    def convert(self, value, param, ctx) -> tuple[int, int | None]:
        if isinstance(value, tuple):
            return value
        pupils, colon, repeats = value.partition(":")
        numbers = [pupils, repeats] if colon else [pupils]
        if not all(number.isdecimal() and int(number) > 0 for number in numbers):
            self.fail(f"--pupils takes a number, or number:repeats, not {value}.", param, ctx)
        return int(pupils), int(repeats) if colon else None


@click.command(help=__doc__)
@click.option(
    "--pupils", "asked", type=Pupils(), multiple=True, default=["100000"], show_default=True,
    help="A size to run, and how often: 15000000:1. May be given several times.",
)  # fmt: skip
@click.option("--repeats", type=click.IntRange(min=1), default=3, show_default=True)
@click.option(
    "--seed", type=int,
    help=f"Of the extracts; {DEFAULT_SEED} if not said, or for --extracts the one that they have.",
)  # fmt: skip
@click.option(
    "--extracts", "made_before", type=click.Path(path_type=Path), multiple=True,
    help="A folder made by synthesise.py, taken for the size it has. May be given several times.",
)  # fmt: skip
@click.option(
    "--only", type=click.Choice([contender.name for contender in contenders.CONTENDERS]),
    multiple=True, help="Only this way. May be given several times.",
)  # fmt: skip
@click.option(
    "--memory-limit", metavar="SIZE",
    help="Build the largest size once more with so much memory for DuckDB, such as 1GB.",
)  # fmt: skip
@click.option(
    "--folder", type=click.Path(path_type=Path), default=PROJECT_DIR / "target" / "benchmark",
    help="Where extracts and runs go; target/benchmark if not said.",
)  # fmt: skip
@click.option(
    "--json", "json_path", type=click.Path(path_type=Path),
    help="Where the result goes, the figure beside it; in the folder if not said.",
)  # fmt: skip
@speaks_plainly
def main(  # noqa: PLR0913, PLR0917
    asked: tuple[tuple[int, int | None], ...],
    repeats: int,
    seed: int | None,
    made_before: tuple[Path, ...],
    only: tuple[str, ...],
    memory_limit: str | None,
    folder: Path,
    json_path: Path | None,
) -> None:
    check_machine()
    # What it runs ends with it, as for Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    measured = {
        "date": datetime.now(UTC).date().isoformat(),
        "commit": commit(),
        "machine": machine(),
    }
    json_path = json_path or folder / "benchmark.json"
    taking_part, skipped = _who(only)
    for label, reason in skipped.items():
        console.print(f"Skipped: {label}, because {reason}.", markup=False)
    if not taking_part:
        raise UserError("None of the ways asked for can run on this machine.")
    found = [read_extracts(path) for path in made_before]
    for extracts in found:
        check_given(extracts, seed)
    counts = {pupils: own or repeats for pupils, own in sorted(asked)}
    sizes: list[Size] = []
    runs: list[dict[str, object]] = []
    for pupils, count in counts.items():
        who = taking_part
        if memory_limit and pupils == max(counts):
            who = (*who, contenders.limited(memory_limit))
        size = Size(find_or_make(pupils, seed, found, folder), who, count)
        try:
            warm_up(size, folder)
            console.print("[bold]Running[/bold] on a warm machine, and comparing the answers")
            runs += race(size, folder)
        except DisagreementError as error:
            error_console.print(f"{error} No time of this size is told.", style="red", markup=False)
            sys.exit(DISAGREE_EXIT_CODE)
        sizes.append(size)
        # What is done and agrees is kept, should a larger size be stopped.
        result = Result(measured | _content(sizes, runs, skipped, memory_limit))
        result.write(json_path)
    _say(result)
    for path in (json_path, *draw(result, json_path.parent)):
        console.print(f"  {path}", markup=False, soft_wrap=True)


def _who(only: tuple[str, ...]) -> tuple[tuple[contenders.Contender, ...], dict[str, str]]:
    """Who takes part, and who cannot on this machine with the reason."""
    asked = [one for one in contenders.CONTENDERS if not only or one.name in only]
    skipped = {one.label: reason for one in asked if (reason := contenders.why_not(one))}
    return tuple(one for one in asked if one.label not in skipped), skipped


def _content(
    sizes: list[Size],
    runs: list[dict[str, object]],
    skipped: dict[str, str],
    memory_limit: str | None,
) -> dict[str, object]:
    return {
        "versions": versions(),
        "ours": SETTINGS_OF_OURS,
        "memory_limit": memory_limit,
        "skipped": skipped,
        "sizes": [
            {
                "pupils": size.extracts.pupils,
                "seed": size.extracts.seed,
                "release": size.extracts.release,
                "rows": size.extracts.rows,
                "n_bytes": size.extracts.n_bytes,
                "repeats": size.repeats,
            }
            for size in sizes
        ],
        "runs": runs,
    }


def _say(result: Result) -> None:
    console.print("\nAll answers are the same, row for row.\n")
    for pupils in result.pupils:
        title = f"{pupils:,} pupils (SYNTHETIC), medians of warm runs"
        console.print(screen_table(title, tables.of_size(result, pupils)))
    if len(result.pupils) > 1:
        console.print(screen_table("Growth, times", tables.growth(result)))
    if any(result.steps(pupils) for pupils in result.pupils):
        title = "Where the time of this warehouse without tests goes"
        console.print(screen_table(title, tables.steps(result)))
    for sentence in tables.against(result, result.pupils[-1]):
        console.print(f"At {result.pupils[-1]:,} pupils, {sentence}.", markup=False)


if __name__ == "__main__":
    main()
