"""Run the examples in the documents, and check or fill in the output below each.

An example is a block of SQL, Python or R. Where a block of text follows it, that text is what the
example prints. The blocks of one language on one page run in one session, in the order of the page.
A page with several languages runs them in the order in which they first appear. A comment
`<!-- not run: reason -->` above a block leaves it out.

Commands `social-care-warehouse export` and `areas` on a page run before its examples, which read
what they write. `areas` writes into a copy of the warehouse.

Examples read `warehouse.duckdb`, which `make warehouse` builds. A figure that an example saves as
`name.svg` is the one that the page shows as `figures/name.svg`.

A comment `<!-- screen: words -->` above a block of text means a part of the screen of
`make warehouse`: the lines from the one that starts with these words to the end of that part.
"""

from __future__ import annotations

import difflib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import click
import duckdb

from social_care_warehouse.console import (
    PROJECT_DIR,
    PlainCommand,
    UserError,
    console,
    speaks_plainly,
)

PAGES = ("README.md", "docs/tutorials/*.md", "docs/how-to/*.md", "docs/reference/*.md")
LANGUAGES = ("sql", "python", "r")
BLOCK = re.compile(
    r"(?P<not_run><!-- not run: [^\n]+ -->\n)?"
    r"```(?P<language>sql|python|r)\n(?P<code>.*?)```(?P<gap>\n\n```text\n)?(?P<output>(?<=text\n).*?```)?",
    re.DOTALL,
)
SCREEN = re.compile(
    r"(?P<head><!-- screen: (?P<start>[^\n]+) -->\n```text\n)(?P<text>.*?)```", re.DOTALL
)
COMMAND = re.compile(r"^\.venv/bin/social-care-warehouse ((?:export|areas) .*)$", re.MULTILINE)
# Printed between the blocks of a session, so that each output can be cut out.
MARK = "\x1e"
# Times differ from run to run, and the folder from place to place.
TIMES = re.compile(r"\b\d+(?:\.\d+)?( ?s\b| seconds?\b| minutes?\b)")


@dataclass(frozen=True)
class Example:
    """A block of code on a page, and where it is."""

    language: str
    code: str
    start: int


def pages() -> list[Path]:
    """Every page whose examples run."""
    return [path for pattern in PAGES for path in sorted(PROJECT_DIR.glob(pattern))]


def examples(text: str) -> list[Example]:
    """The blocks of a page that run."""
    return [
        Example(block["language"], block["code"], block.start())
        for block in BLOCK.finditer(text)
        if not block["not_run"]
    ]


def with_outputs(
    page: Path,
    text: str,
    databases: Mapping[str, Path],
    languages: Iterable[str],
    drawn: Path | None = None,
) -> str:
    """The text of a page with the true output below each of its examples.

    `databases` gives the path of each name that examples use. Figures that they save go to `drawn`.
    """
    printed: dict[int, str] = {}
    found = examples(text)
    with tempfile.TemporaryDirectory() as folder:
        for name, database in databases.items():
            (Path(folder) / name).symlink_to(database)
        for command in COMMAND.findall(text):
            _command(page, command, Path(folder))
        for language in dict.fromkeys(example.language for example in found):
            if language in languages:
                session = [example for example in found if example.language == language]
                outputs = _run(page, language, session, Path(folder))
                printed |= {
                    example.start: output for example, output in zip(session, outputs, strict=True)
                }
        if drawn:
            for figure in Path(folder).glob("*.svg"):
                shutil.copy(figure, drawn)

    def fill(block: re.Match[str]) -> str:
        if block.start() not in printed or not block["gap"]:
            return block[0]
        code = f"```{block['language']}\n{block['code']}```"
        return f"{code}{block['gap']}{printed[block.start()]}```"

    return BLOCK.sub(fill, text)


def with_screen(text: str, screen: str) -> str:
    """The text of a page with the true parts of the screen."""
    return SCREEN.sub(lambda part: f"{part['head']}{_part(screen, part['start'])}```", text)


def _part(screen: str, start: str) -> str:
    """The lines from the first one that starts so, to the end of a table or to a blank line."""
    lines = screen.splitlines()
    first = next((n for n, line in enumerate(lines) if line.startswith(start)), None)
    if first is None:
        raise UserError(f"The screen has no line that starts with '{start}'.")
    part = []
    for line in lines[first:]:
        if not line.strip():
            break
        part.append(line.rstrip())
        if line.startswith("└"):
            break
    return "\n".join(part) + "\n"


def _command(page: Path, command: str, folder: Path) -> None:
    """Run a command that writes what the examples read."""
    words = shlex.split(command)
    if words[0] == "areas":
        _copy_linked(folder / words[words.index("--database") + 1])
    program = [sys.executable, "-m", "social_care_warehouse", *words]
    _printed(program, folder, f"A command in {page.name} fails: {command}")


def _printed(program: list[str], folder: Path, failure: str) -> str:
    """What a program prints in this folder. Raises UserError with this sentence if it fails."""
    done = subprocess.run(
        program, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if done.returncode:
        raise UserError(f"{failure}\n{done.stderr.strip()}")
    return done.stdout


def _copy_linked(database: Path) -> None:
    """Put a copy in the place of a link, so that what is written stays on this page."""
    if database.is_symlink():
        source = database.resolve()
        database.unlink()
        shutil.copy(source, database)


def _run(page: Path, language: str, session: list[Example], folder: Path) -> list[str]:
    """What each example of a session prints."""
    codes = [example.code for example in session]
    if language == "sql":
        return [_run_sql(page, code, folder) for code in codes]
    if language == "python":
        program, mark, command = "session.py", f"print({MARK!r})", [sys.executable]
    else:
        program, mark, command = "session.R", 'cat("\\x1e\\n")', ["Rscript", "--vanilla"]
    script = folder / program
    script.write_text("".join(f"{code}\n{mark}\n" for code in codes), encoding="utf-8")
    printed = _printed([*command, str(script)], folder, f"An example in {page.name} fails:")
    return [_trimmed(output) for output in printed.split(f"{MARK}\n")[: len(codes)]]


def _run_sql(page: Path, code: str, folder: Path) -> str:
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
        try:
            return _trimmed(str(connection.sql(code) or ""))
        except duckdb.Error as error:
            raise UserError(f"An example in {page.name} fails:\n{code}{error}") from None


def _trimmed(output: str) -> str:
    return "\n".join(line.rstrip() for line in output.strip("\n").splitlines()) + "\n"


def _alike(text: str) -> str:
    """A text without what may differ between two runs."""
    return TIMES.sub(r"0\1", text)


def _words(figure: Path) -> list[str]:
    """The words in a figure. Its lines may differ a little between two machines."""
    if not figure.exists():
        return []
    return re.findall(r"<text[^>]*>([^<]*)</text>", figure.read_text(encoding="utf-8"))


def _differences(page: Path, before: str, after: str) -> str:
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), str(page), "as printed now", lineterm="", n=1
    )
    return "\n".join(lines)


def _figures_that_differ(page: Path, drawn: Path, check: bool) -> list[str]:
    """The figures whose words differ from those on the page; replaced unless this is a check."""
    differences = []
    for figure in sorted(drawn.glob("*.svg")):
        shown = page.parent / "figures" / figure.name
        if _words(figure) != _words(shown):
            differences.append(
                f"{shown.relative_to(PROJECT_DIR)} shows other words than its example."
            )
        if not check:
            shown.parent.mkdir(exist_ok=True)
            shutil.copy(figure, shown)
    return differences


@click.command(cls=PlainCommand, help=__doc__)
@click.option(
    "--database", required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option(
    "--screen",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="What `make warehouse` printed. Without it the screen is not compared.",
)
@click.option("--check", is_flag=True, help="Change nothing; fail if any output differs.")
@speaks_plainly
def documents(database: Path, screen: Path | None, check: bool) -> None:
    languages = set(LANGUAGES)
    if not shutil.which("Rscript"):
        languages.discard("r")
        console.print("R is not installed, so its examples did not run.")
    databases = {"warehouse.duckdb": database.resolve()}
    differences = []
    for page in pages():
        before = after = page.read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as drawn:
            after = with_outputs(page, after, databases, languages, Path(drawn))
            differences += _figures_that_differ(page, Path(drawn), check)
        if screen:
            after = with_screen(after, screen.read_text(encoding="utf-8"))
        if _alike(before) != _alike(after):
            differences.append(_differences(page.relative_to(PROJECT_DIR), before, after))
            if not check:
                page.write_text(after, encoding="utf-8")
    if check and differences:
        raise UserError(
            "Some documents show output that differs from what their examples print now."
            " Run `make documents`.\n" + "\n".join(differences)
        )
    console.print(
        f"{len(differences)} documents were updated."
        if differences
        else "All documents show what their examples print."
    )


if __name__ == "__main__":
    documents()
