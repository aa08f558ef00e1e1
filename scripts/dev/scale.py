"""Fill docs/explanation/scale.md with a result of the benchmark, and draw its figure.

Without RESULT the one that the page shows now is taken again: after a change of their words.
"""

from __future__ import annotations

from pathlib import Path

import click

from dev.benchmark.figure import draw
from dev.benchmark.page import (
    FIGURES,
    PAGE,
    RESULT,
    filled_pages,
    scale_blocks,
)
from dev.benchmark.result import Result
from dev.page import check_markers
from social_care_warehouse.console import PROJECT_DIR, console, speaks_plainly


@click.command(help=__doc__)
@click.argument(
    "result_path", metavar="[RESULT]", type=click.Path(path_type=Path),
    default=PROJECT_DIR / RESULT,
)  # fmt: skip
@speaks_plainly
def main(result_path: Path) -> None:
    result = Result.read(result_path)
    check_markers(PROJECT_DIR / PAGE, scale_blocks(result))
    pages = filled_pages(result)
    result.write(PROJECT_DIR / RESULT)
    for page, text in pages.items():
        page.write_text(text, encoding="utf-8")
    for path in (*pages, PROJECT_DIR / RESULT, *draw(result, PROJECT_DIR / FIGURES)):
        console.print(f"  {path}", markup=False, soft_wrap=True)


if __name__ == "__main__":
    main()
