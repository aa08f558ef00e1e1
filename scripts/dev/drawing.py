"""How every figure is drawn: the same numbers give the same files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from social_care_warehouse.console import UserError

INK = "#222222"


@contextmanager
def drawing(name: str) -> Iterator[ModuleType]:
    """Gives pyplot, set up for a figure of this name."""
    try:
        import matplotlib as mpl  # noqa: PLC0415
    except ImportError as error:
        raise UserError("The figure needs matplotlib: pip install '.[plots]'.") from error
    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415

    settings = {
        "font.family": "DejaVu Sans", "font.size": 9.5, "svg.hashsalt": name,
        "axes.spines.top": False, "axes.spines.right": False, "text.color": INK,
        "axes.edgecolor": INK, "hatch.linewidth": 0.5,
    }  # fmt: skip
    with mpl.rc_context(settings):
        yield plt


def save(figure, folder: Path, name: str) -> list[Path]:
    """Write a figure as SVG and PNG, without the date and the program that made it."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{name}.{ending}" for ending in ("svg", "png")]
    figure.savefig(paths[0], metadata={"Date": None})
    figure.savefig(paths[1], dpi=160, metadata={"Software": None})
    return paths
