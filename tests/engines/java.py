"""Says in one sentence whether there is a Java runtime that Spark runs on; exit code 2 if not."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

# Spark 4.0 asks Java for something that 24 no longer gives.
OLDEST, NEWEST = 17, 23
WANTED = f"a Java runtime from {OLDEST} to {NEWEST}"
HOW_TO = "on Debian: apt-get install openjdk-17-jre-headless"


def main() -> None:
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")
    if java is None:
        place = "under JAVA_HOME" if home else "on the PATH"
        _refuse(f"Spark needs {WANTED}, and there is none {place}")
    run = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    version = re.search(r'version "(\d+)', run.stderr)
    if run.returncode or not version or not OLDEST <= int(version[1]) <= NEWEST:
        _refuse(f"Spark needs {WANTED}, and {java} is none")


def _refuse(sentence: str) -> None:
    print(f"{sentence} ({HOW_TO}).", file=sys.stderr)
    sys.exit(2)


if __name__ == "__main__":
    main()
