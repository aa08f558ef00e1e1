"""Without a Java runtime for Spark, one sentence names the problem and the remedy."""

from __future__ import annotations

import subprocess
import sys

import pytest
from commands import PROJECT_DIR

SCRIPT = PROJECT_DIR / "tests" / "engines" / "java.py"


def look(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SCRIPT)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )


def make_java(folder, answer: str) -> None:
    java = folder / "bin" / "java"
    java.parent.mkdir()
    java.write_text(f"#!/bin/sh\n{answer}\n")
    java.chmod(0o755)


def test_no_java(tmp_path):
    for environment in ({"PATH": str(tmp_path)}, {"JAVA_HOME": str(tmp_path), "PATH": "/usr/bin"}):
        run = look(**environment)
        assert run.returncode == 2
        assert len(run.stderr.splitlines()) == 1
        assert "apt-get install openjdk-17-jre-headless" in run.stderr


@pytest.mark.parametrize(
    ("answer", "exit_code"),
    [
        ("echo 'openjdk version \"17.0.15\" 2025-04-15' >&2", 0),
        ("echo 'openjdk version \"21\" 2023-09-19' >&2", 0),
        ("echo 'openjdk version \"23.0.2\" 2025-01-21' >&2", 0),
        ("echo 'openjdk version \"24\" 2025-03-18' >&2", 2),
        ("echo 'openjdk version \"11.0.2\" 2019-01-15' >&2", 2),
        ("echo 'java version \"1.8.0_201\"' >&2", 2),
        ("echo 'not installed' >&2; exit 1", 2),
    ],
)
def test_the_version_counts(tmp_path, answer, exit_code):
    make_java(tmp_path, answer)
    assert look(PATH=f"{tmp_path / 'bin'}").returncode == exit_code
    assert look(JAVA_HOME=str(tmp_path), PATH="").returncode == exit_code
