"""Installs from wheelhouse/ and builds a warehouse where there is no network at all.

The commands are those of docs/how-to/offline.md.

Run by `make test-offline`, after `make wheelhouse`. Needs a system that lets a user make a network
namespace (Linux, `unshare -rn`); says so where it cannot. Needs nothing but Python's own library.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parents[2]
WITHOUT_NETWORK = ["unshare", "--map-root-user", "--net"]
FOLDERS = ("macros", "models", "profiles", "scripts", "seeds", "tests/singular")
FILES = (
    "MANIFEST.in", "README.md", "LICENSE", "dbt_project.yml", "pyproject.toml", "requirements.lock",
    "setup.py",
)  # fmt: skip
NO_NETWORK = """
import socket
try:
    socket.create_connection(("pypi.org", 443), timeout=5)
except OSError:
    raise SystemExit(0)
raise SystemExit("there is a network")
"""


def main() -> None:
    wheelhouse = Path(os.environ.get("WHEELHOUSE", PROJECT_DIR / "wheelhouse"))
    if not any(wheelhouse.glob("*.whl")):
        sys.exit("There are no wheels in wheelhouse/; run: make wheelhouse")
    if not _can_be_cut_off():
        print("Not tested: this system does not let us make a namespace without network.")
        return
    with tempfile.TemporaryDirectory(prefix="trust_offline_") as folder:
        project = Path(folder) / "project"
        for name in FOLDERS:
            shutil.copytree(
                PROJECT_DIR / name, project / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        for name in FILES:
            shutil.copy(PROJECT_DIR / name, project / name)
        python = str(project / ".venv" / "bin" / "python")
        _run(project, sys.executable, "-c", NO_NETWORK)
        _run(project, sys.executable, "-m", "venv", ".venv")
        _run(
            project, python, "-m", "pip", "install", "--quiet", "--no-index",
            "--find-links", str(wheelhouse.resolve()), "--require-hashes",
            "-r", "requirements.lock",
        )  # fmt: skip
        _run(
            project, python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation",
            "-e", ".",
        )  # fmt: skip
        command = str(project / ".venv" / "bin" / "social-care-warehouse")
        _run(
            project, command, "synthesise", "synthetic", "--pupils", "2000", "--seed", "1",
            "--datasets", "all",
        )  # fmt: skip
        _run(project, command, "build", "synthetic", "--database", "warehouse.duckdb")
    print("Installed, loaded, built and tested without a network.")


def _can_be_cut_off() -> bool:
    if shutil.which("unshare") is None:
        return False
    return (
        subprocess.run([*WITHOUT_NETWORK, "true"], check=False, capture_output=True).returncode == 0
    )


def _run(project: Path, *command: str) -> None:
    started = time.monotonic()
    # Neither a configuration of pip nor of this project may point to packages elsewhere.
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PIP_", "PYTHON", "WAREHOUSE_", "VIRTUAL_ENV"))
    }
    done = subprocess.run(
        [*WITHOUT_NETWORK, *command],
        cwd=project,
        env=kept | {"PIP_CONFIG_FILE": os.devnull},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    said = " ".join(Path(part).name for part in command[:4] if part != NO_NETWORK)
    if done.returncode != 0:
        sys.exit(f"Without a network this failed: {said}\n{done.stdout[-3000:]}")
    print(f"{time.monotonic() - started:4.0f} s  {said}", flush=True)


if __name__ == "__main__":
    main()
