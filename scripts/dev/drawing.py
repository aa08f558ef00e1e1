"""How every figure is drawn: the same numbers give the same files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from social_care_warehouse.console import UserError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INK = "#222222"
# What makes an SVG of matplotlib smaller, and cannot be seen.
SMALLER = (
    (r"(?s)<metadata>.*?</metadata>", ""),
    (r' transform="rotate\(-0[^"]*"', ""),
    (r"-?\d+\.\d{2,}", lambda number: f"{float(number[0]):.1f}"),
    (r"\s*\n\s*(?!\s|<g id|<path|<text|<use)", " "),
    (r"'DejaVu Sans'", "'DejaVu Sans', sans-serif"),
)


@contextmanager
def drawing(name: str) -> Iterator[ModuleType]:
    """Yield pyplot, with the settings for a figure of this name."""
    try:
        import matplotlib as mpl  # noqa: PLC0415
    except ImportError as error:
        raise UserError("The figure needs matplotlib: pip install '.[plots]'.") from error
    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415

    settings: dict[Any, Any] = {
        "font.family": "DejaVu Sans",
        "font.size": 9.5,
        "svg.hashsalt": name,
        # The reader's browser writes the letters, which otherwise are most of a file.
        "svg.fonttype": "none",
        "path.simplify": True,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "text.color": INK,
        "axes.edgecolor": INK,
    }
    with mpl.rc_context(settings):
        yield plt


def save(figure: Figure, folder: Path, name: str) -> Path:
    """Write a figure as a small SVG, without the date."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.svg"
    figure.savefig(path, metadata={"Date": None})
    text = path.read_text(encoding="utf-8")
    for pattern, replacement in SMALLER:
        text = re.sub(pattern, replacement, text)
    path.write_text(text + "\n", encoding="utf-8")
    return path
