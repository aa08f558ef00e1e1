"""Finds idioms that readers stumble over, and suggests plain words: lint_words.py [FOLDER].

words.csv lists the phrases as regular expressions, words_allowed.csv where they may stay and why.
A phrase is also found if a line break or a comment mark divides it.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

HERE = Path(__file__).parent
PROJECT_DIR = HERE.parents[1]
FOLDERS = ("docs", "macros", "models", "profiles", "scripts", "seeds", "tests")
NAMES = ("*.md", "*.sql", "*.yml", "*.py", "*.csv", "*.R", "*.do", "*.toml", "*.mk", "Makefile")
# What separates two words: blanks, and at a new line the marks that begin a comment.
GAP = r"(?:[ \t]*\n[ \t]*(?:--|#|>|\*)?[ \t]*|[ \t]+)"


def read(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def files(folder: Path) -> Iterator[Path]:
    """The project's own texts, which are in its top folder and in the folders named above."""
    for name in NAMES:
        yield from sorted(folder.glob(name))
        for part in FOLDERS:
            yield from sorted((folder / part).rglob(name))


def findings(name: str, text: str) -> Iterator[tuple[int, str, str]]:
    """The line, the phrase and the suggestion of each phrase in a text."""
    allowed = [row["pattern"] for row in read("words_allowed.csv") if fnmatch(name, row["files"])]
    for row in read("words.csv"):
        pattern = row["pattern"].replace(" ", GAP)
        for match in re.finditer(pattern, text, re.IGNORECASE):
            phrase = re.sub(GAP, " ", match[0])
            if not any(re.search(one, phrase, re.IGNORECASE) for one in allowed):
                yield text.count("\n", 0, match.start()) + 1, phrase, row["suggestion"]


def main(folder: Path = PROJECT_DIR) -> None:
    n_findings = 0
    for path in files(folder):
        name = path.relative_to(folder).as_posix()
        for line, phrase, suggestion in sorted(findings(name, path.read_text(encoding="utf-8"))):
            n_findings += 1
            print(f'{name}:{line}: "{phrase}": write {suggestion}')
    if n_findings:
        sys.exit(f"{n_findings} phrases to rewrite (scripts/dev/words.csv).")
    print("No phrase of scripts/dev/words.csv was found.")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
