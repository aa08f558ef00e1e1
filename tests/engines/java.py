"""Says in one sentence whether there is a Java runtime that Spark runs on; exit code 2 if not."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = 17
HOW_TO = "on Debian: apt-get install openjdk-17-jre-headless"


def main() -> None:
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")
    if java is None:
        place = "under JAVA_HOME" if home else "on the PATH"
        _refuse(f"Spark needs a Java runtime, {OLDEST} or later, and there is none {place}")
    run = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    version = re.search(r'version "(\d+)', run.stderr)
    if run.returncode or not version or int(version[1]) < OLDEST:
        _refuse(f"Spark needs a Java runtime, {OLDEST} or later, and {java} is none")


def _refuse(sentence: str) -> None:
    print(f"{sentence} ({HOW_TO}).", file=sys.stderr)
    sys.exit(2)


if __name__ == "__main__":
    main()
