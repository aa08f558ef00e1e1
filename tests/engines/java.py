"""Checks that there is a Java runtime for Spark. If not, prints one sentence and exits with 2."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

# Spark 4.0 uses something that Java 24 no longer has.
OLDEST, NEWEST = 17, 23
WANTED = f"a Java runtime from {OLDEST} to {NEWEST}"
HOW_TO = "on Debian: apt-get install openjdk-17-jre-headless"


def main() -> None:
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")
    if java is None:
        place = "under JAVA_HOME" if home else "on the PATH"
        _refuse(f"Spark needs {WANTED}. No Java was found {place}")
    run = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    version = re.search(r'version "(\d+)', run.stderr)
    if run.returncode or not version or not OLDEST <= int(version[1]) <= NEWEST:
        _refuse(f"Spark needs {WANTED}. {java} is another version or does not run")


def _refuse(sentence: str) -> NoReturn:
    print(f"{sentence}. Install one ({HOW_TO}).", file=sys.stderr)
    sys.exit(2)


if __name__ == "__main__":
    main()
