"""What the numbers were measured on, and with what."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

from dev.benchmark.contenders import r_versions
from social_care_warehouse.console import PROJECT_DIR

PACKAGES = ("dbt-core", "dbt-duckdb", "duckdb", "polars", "pandas", "pyarrow")


def machine() -> dict[str, object]:
    """Processor, cores, memory, system, and how busy it is before anything was started."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(
            os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9, 1
        ),
        "system": f"{platform.system()} {platform.machine()}",
        "load_average": round(os.getloadavg()[0], 1),
    }  # fmt: skip


def versions() -> dict[str, str]:
    """Python, its packages, and R where it is."""
    return (
        {"Python": platform.python_version()}
        | {package: version(package) for package in PACKAGES}
        | r_versions()
    )


def commit() -> str:
    """The commit that was measured, marked where files differ from it; "not known" without git."""
    described = _git("rev-parse", "--short", "HEAD")
    if not described:
        return "not known"
    return described + (" with changes" if _git("status", "--porcelain", "-uno") else "")


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", "-C", str(PROJECT_DIR), *arguments], capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return done.stdout.strip()


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or "not known"
