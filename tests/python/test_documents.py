"""The documents: links lead somewhere, commands exist, and examples print what the page shows."""

from __future__ import annotations

import ast
import codeop
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import duckdb
import pytest
from commands import PROJECT_DIR, run_dev

from dev.documents import BLOCK, examples, pages, with_outputs
from social_care_warehouse.commands import group

DOCUMENTS = sorted(
    path
    for path in [*PROJECT_DIR.glob("*.md"), *PROJECT_DIR.glob("docs/**/*.md")]
    if "node_modules" not in path.parts
)
LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
UNTESTED = "not tested automatically"


def named(path: Path) -> str:
    return str(path.relative_to(PROJECT_DIR))


def anchors(text: str) -> set[str]:
    """The names under which a page's headings can be linked."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(path: Path) -> list[str]:
    """The links of a page that lead nowhere."""
    broken = []
    for link in LINK.findall(FENCE.sub("", path.read_text("utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        if not target.exists() or (anchor and anchor not in anchors(target.read_text("utf-8"))):
            broken.append(link)
    return broken


@pytest.mark.parametrize("path", DOCUMENTS, ids=named)
def test_every_link_leads_somewhere(path: Path) -> None:
    assert broken_links(path) == []


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# A title\n[a](page.md#a-title) [b](page.md#no) [c](no.md) [d](https://x.y)\n")
    assert broken_links(page) == ["page.md#no", "no.md"]


@pytest.mark.parametrize("folder", ["tutorials", "how-to", "reference", "explanation", "decisions"])
def test_every_page_is_in_the_index_of_its_folder(folder: str) -> None:
    index = PROJECT_DIR / "docs" / folder / "README.md"
    listed = set(LINK.findall(index.read_text("utf-8")))
    present = {path.name for path in index.parent.glob("*.md")} - {"README.md"}
    assert present - listed == set()


@pytest.fixture(scope="module")
def checked(default_warehouse: Path) -> subprocess.CompletedProcess[str]:
    """The check of every example, made once for the tests below."""
    screen = default_warehouse.with_name("screen.txt")
    options = ("--check", "--database", default_warehouse, "--screen", screen)
    return run_dev("documents", *options)


def test_examples_print_what_the_page_shows(checked: subprocess.CompletedProcess[str]) -> None:
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.skipif(not shutil.which("Rscript"), reason="R is not installed (no Rscript on PATH)")
def test_r_examples_were_among_them(checked: subprocess.CompletedProcess[str]) -> None:
    assert "R is not installed" not in checked.stdout
    assert any(one.language == "r" for path in pages() for one in examples(path.read_text("utf-8")))


def test_a_wrong_output_is_found(default_warehouse: Path, tmp_path: Path) -> None:
    """The check would pass on any page if it compared nothing."""
    page = tmp_path / "page.md"
    text = "```sql\nselect 1 as n\n```\n\n```text\nwrong\n```\n"
    databases = {"warehouse.duckdb": default_warehouse}
    filled = with_outputs(page, text, databases, ["sql"])
    assert filled != text
    assert filled == with_outputs(page, filled, databases, ["sql"])


def test_a_figure_is_that_of_its_example(tmp_path: Path) -> None:
    text = "```python\nopen('a.svg', 'w').write('<text>SYNTHETIC</text>')\n```\n"
    with_outputs(tmp_path / "page.md", text, {}, ["python"], tmp_path)
    assert (tmp_path / "a.svg").read_text() == "<text>SYNTHETIC</text>"


@pytest.mark.parametrize("path", pages(), ids=named)
def test_what_does_not_run_says_so(path: Path) -> None:
    text = path.read_text("utf-8")
    for block in BLOCK.finditer(text):
        if block["not_run"]:
            assert UNTESTED in text[: block.start()].rstrip().split("\n\n")[-1]
    for fence in FENCE.finditer(text):
        if fence[1] == "stata":
            before = text[: fence.start()].rstrip().split("\n\n")[-1]
            assert UNTESTED in (before + fence[2]).lower(), fence[2]


def refused_when_pasted(program: str) -> list[str]:
    """The lines that Python refuses at its prompt, where a blank line ends a block."""
    refused: list[str] = []
    statement: list[str] = []
    for line in [*program.splitlines(), ""]:
        statement.append(line)
        try:
            is_whole = codeop.compile_command("\n".join(statement), symbol="single") is not None
        except SyntaxError:
            refused.append(line)
            is_whole = True
        if is_whole:
            statement = []
    return refused


@pytest.mark.parametrize("path", pages(), ids=named)
def test_python_can_be_pasted_at_its_prompt(path: Path) -> None:
    programs = [
        fence[2] for fence in FENCE.finditer(path.read_text("utf-8")) if fence[1] == "python"
    ]
    assert [refused_when_pasted(program) for program in programs] == [[] for _ in programs]


def test_python_that_cannot_be_pasted_is_found() -> None:
    assert refused_when_pasted("for n in range(2):\n    print(n)\nprint(3)\n") == ["print(3)"]
    assert refused_when_pasted("  import sys\n") == ["  import sys"]


def test_the_tutorial_runs_in_every_language() -> None:
    """R and Python must come to the same table, the last thing that each prints."""
    text = (PROJECT_DIR / "docs" / "tutorials" / "first-hour.md").read_text("utf-8")
    last = {block["language"]: block["output"] for block in BLOCK.finditer(text)}
    assert {example.language for example in examples(text)} == {"python", "r"}
    assert last["r"] == last["python"]
    assert "[c]" in last["r"]


NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def test_the_tutorial_on_outcomes_comes_to_the_same_numbers_in_r_and_python() -> None:
    """Block by block; only the names of columns and of intervals differ."""
    text = (PROJECT_DIR / "docs" / "tutorials" / "outcomes-by-intervention.md").read_text("utf-8")
    numbers: dict[str, list[list[str]]] = {"r": [], "python": []}
    for block in BLOCK.finditer(text):
        if block["output"] and "contact_order" not in block["output"]:
            words = re.sub(r"\[1\]|\d+\.?\d* ?%\s*\d+\.\d* ?%", "", block["output"])
            numbers[block["language"]].append(NUMBER.findall(words))
    assert numbers["r"] == numbers["python"]
    assert len(numbers["r"]) == 6


def commands_in(text: str) -> list[str]:
    """The lines of the shell blocks of a page, without comments."""
    lines = [
        line.partition("  #")[0].strip()
        for fence in FENCE.finditer(text)
        if fence[1] in ("sh", "powershell")
        for line in fence[2].splitlines()
    ]
    return [line for line in lines if line]


ALL_COMMANDS = [
    pytest.param(line, id=f"{named(path)}: {line}")
    for path in DOCUMENTS
    for line in commands_in(path.read_text("utf-8"))
]
MAKEFILES = [PROJECT_DIR / "Makefile", PROJECT_DIR / "scripts" / "dev" / "lab.mk"]


@pytest.mark.parametrize("line", ALL_COMMANDS)
def test_every_command_exists(line: str) -> None:
    words = line.replace("\\", "/").split()
    for word in words:
        if word.startswith("scripts/") and word.endswith(".py"):
            assert (PROJECT_DIR / word).is_file()
    if words[0] == "make":
        targets = "".join(path.read_text("utf-8") for path in MAKEFILES if path.exists())
        for target in words[1:]:
            assert "=" in target or re.search(rf"^{re.escape(target)}:", targets, re.MULTILINE)
    name = next((n for n, word in enumerate(words) if word.endswith("social-care-warehouse")), None)
    if name is not None:
        command = group.commands[words[name + 1]]
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known


def test_the_pages_that_are_made_are_current() -> None:
    done = run_dev("made_pages", "--check")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("table", ["marts.person_highest_intervention", "quality.warning"])
def test_the_data_dictionary_has_every_column(table: str, default_warehouse: Path) -> None:
    page = (PROJECT_DIR / "docs" / "reference" / "data-dictionary.md").read_text("utf-8")
    section = page.split(f"## {table}\n")[1].split("\n## ")[0]
    with duckdb.connect(str(default_warehouse), read_only=True) as connection:
        columns = connection.sql(f"from {table}").columns
    assert re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE) == columns


def messages_in(source: str) -> set[str]:
    """Every text in a Python file, with … for what is filled in."""
    texts = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            parts = (part.value if isinstance(part, ast.Constant) else "…" for part in node.values)
            texts.add("".join(map(str, parts)))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            texts.add(node.value)
    return texts


@pytest.fixture(scope="module")
def messages() -> set[str]:
    sources = (PROJECT_DIR / "scripts" / "social_care_warehouse").rglob("*.py")
    return set().union(*(messages_in(path.read_text("utf-8")) for path in sources))


ERRORS = (PROJECT_DIR / "docs" / "reference" / "errors.md").read_text("utf-8")


MESSAGES = [
    message
    for cell in re.findall(r"^\| (`[^|]+`) \|", ERRORS, re.MULTILINE)
    for message in re.findall(r"`([^`]+)`", cell)
]


@pytest.mark.parametrize("message", MESSAGES)
def test_every_message_on_the_errors_page_is_one_of_the_commands(
    message: str, messages: set[str]
) -> None:
    words = re.compile(re.escape(message.rstrip("…")).replace("…", ".*"))
    assert any(words.match(text) for text in messages)


def test_every_place_names_the_same_version() -> None:
    version = tomllib.loads((PROJECT_DIR / "pyproject.toml").read_text("utf-8"))["project"][
        "version"
    ]
    for name, pattern in {
        "CITATION.cff": rf"^version: {version}$",
        "CHANGELOG.md": rf"^## {version} - ",
        "README.md": rf"\(version {version}\)",
        "dbt_project.yml": rf"^version: {version}$",
    }.items():
        text = (PROJECT_DIR / name).read_text("utf-8")
        assert re.search(pattern.replace(".", r"\."), text, re.MULTILINE), name
