"""Opens a page in Chromium, as a reader would."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from commands import run

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium to draw the page in (apt-get install chromium)"
)


# Vega-Lite warns when the height of a chart depends on the number of bars.
EXPECTED_WARNING = 'WARN Dropping "fit-y" because spec has discrete height.'


def draw(file: Path, folder: Path, width: int = 1280) -> tuple[str, str, list[str]]:
    """Open a page in Chromium: the page after its scripts, console messages, requests."""
    log = folder / "net.json"
    done = run(
        CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu",
        f"--user-data-dir={folder / 'profile'}", f"--window-size={width},2000",
        "--disable-background-networking", "--disable-component-update", "--no-first-run",
        "--enable-logging=stderr", f"--log-net-log={log}", "--virtual-time-budget=30000",
        "--dump-dom", file.as_uri(), timeout=120,
    )  # fmt: skip
    messages = [
        line
        for line in done.stderr.splitlines()
        if ":CONSOLE" in line and EXPECTED_WARNING not in line
    ]
    requests = set(re.findall(r'"url":"((?:https?|wss?|ftp):[^"]*)"', log.read_text()))
    own = ("google.com", "googleapis.com", "gvt1.com", "gstatic.com")
    asked = [url for url in requests if not any(site in url for site in own)]
    return done.stdout, "\n".join(messages), asked
