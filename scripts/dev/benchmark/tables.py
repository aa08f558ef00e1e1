"""The findings as grids of words, for the screen and for a page."""

from __future__ import annotations

from dev.benchmark.contenders import LIMITED
from dev.benchmark.result import Middle, Result
from dev.page import Grid

OURS, OURS_TESTED = "warehouse", "warehouse-tested"


def seconds(number: float) -> str:
    """Seconds, with decimals only where they matter."""
    return f"{number:,.1f} s" if number < 100 else f"{number:,.0f} s"


def memory(n_bytes: float) -> str:
    """Memory in GB of a thousand million bytes."""
    return f"{n_bytes / 1e9:.1f} GB"


def times(number: float | None) -> str:
    """A ratio, or a dash of none."""
    return f"{number:.1f}" if number is not None else "-"


def of_size(result: Result, pupils: int) -> Grid:
    """Every contender on one size."""
    return ["", "wall", "processor", "peak memory", "wall, of the floor", "repeats"], [
        [
            middle.label, seconds(middle.wall_seconds), seconds(middle.cpu_seconds),
            memory(middle.peak_bytes), times(middle.wall_to_floor), str(middle.repeats),
        ]
        for middle in result.middles(pupils)
    ]  # fmt: skip


def growth(result: Result) -> Grid:
    """How the wall time grows from one size to the next, beside how the data do."""
    pairs = list(zip(result.pupils, result.pupils[1:], strict=False))
    headings = ["", *(f"{one:,} to {another:,}" for one, another in pairs)]
    data = ["bytes of extracts", *(
        times(result.size(another)["n_bytes"] / result.size(one)["n_bytes"])
        for one, another in pairs
    )]  # fmt: skip
    lines = [data]
    for middle in result.middles(result.pupils[0]):
        line = [f"wall time: {middle.label}"]
        for one, another in pairs:
            before, after = (result.middle(pupils, middle.contender) for pupils in (one, another))
            both = before and after
            line.append(times(after.wall_seconds / before.wall_seconds) if both else "-")
        lines.append(line)
    return headings, lines


def steps(result: Result) -> Grid:
    """Where the time of our build without tests goes, by size."""
    by_pupils = {pupils: result.steps(pupils) for pupils in result.pupils}
    measured = {pupils: of for pupils, of in by_pupils.items() if of}
    lines = []
    for name, label in (
        ("load", "load (a process of its own)"),
        ("dbt_start_and_parse", "dbt: start and read the project"),
        ("statements", "dbt: at least one seed or model running"),
        ("dbt_else", "dbt: between them and at the end"),
    ):
        lines.append([label, *(seconds(of[name]) for of in measured.values())])
    rest = [
        of["all"] - sum(of[name] for name in ("load", "dbt_start_and_parse", "statements"))
        - of["dbt_else"]
        for of in measured.values()
    ]  # fmt: skip
    lines.append(["writing the answer, starting Python", *map(seconds, rest)])
    lines.append(["all", *(seconds(of["all"]) for of in measured.values())])
    return ["", *(f"{pupils:,} pupils" for pupils in measured)], lines


def against(result: Result, pupils: int) -> list[str]:
    """What our builds take beside each other way on one size, in sentences."""
    said = []
    middles = {middle.contender: middle for middle in result.middles(pupils)}
    for name in (OURS, OURS_TESTED, LIMITED):
        ours = middles.get(name)
        others = [of for key, of in middles.items() if key not in (OURS, OURS_TESTED, LIMITED)]
        if ours and others:
            said.append(
                f"{ours.label}: "
                + ", ".join(f"{_beside(ours, other)} {other.label}" for other in others)
            )
    return said


def _beside(ours: Middle, other: Middle) -> str:
    ratio = ours.wall_seconds / other.wall_seconds
    if ratio >= 1:
        return f"{ratio:.1f} times the time of"
    return f"{1 / ratio:.1f} times as fast as"
