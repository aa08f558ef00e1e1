"""Sends what this process and its Java process print to a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def output_to(path: Path) -> Iterator[None]:
    """Within the block, standard output and standard error go to a file."""
    streams = (sys.stdout, sys.stderr)
    for stream in streams:
        stream.flush()
    kept = [os.dup(stream.fileno()) for stream in streams]
    with path.open("a", encoding="utf-8") as file:
        for stream in streams:
            os.dup2(file.fileno(), stream.fileno())
    try:
        yield
    finally:
        for stream, former in zip(streams, kept, strict=True):
            stream.flush()
            os.dup2(former, stream.fileno())
            os.close(former)
