"""The machine on which something was measured."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from social_care_warehouse.console import PROJECT_DIR

PACKAGES = ("dbt-core", "dbt-duckdb", "duckdb", "polars", "pandas")


def describe() -> dict[str, Any]:
    """When, at which commit, on which machine and with which versions."""
    command = ["git", "-C", str(PROJECT_DIR), "describe", "--always", "--dirty"]
    commit = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    processor = next(
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        if line.startswith("model name")
    )
    gigabytes = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "commit": commit or "not known",
        "machine": f"{processor}, {os.cpu_count()} cores, {gigabytes:.1f} GB of memory",
        "load_average": round(os.getloadavg()[0], 1),
        "versions": {"Python": platform.python_version()} | {one: version(one) for one in PACKAGES},
    }


def in_words(machine: dict[str, Any]) -> str:
    """What `describe` found, as a sentence or two for a page."""
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    return (
        f"Measured on {machine['date']} at commit {machine['commit']}: {machine['machine']},"
        f" load average {machine['load_average']} at the start. {versions}."
    )
