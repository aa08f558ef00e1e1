"""Every reader of files states its settings, so that no default of DuckDB changes what is read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from commands import PROJECT_DIR

PACKAGE = PROJECT_DIR / "scripts" / "social_care_warehouse"
# What the readers of text have in common.
SHARED_SETTINGS = (PACKAGE / "loading" / "sql" / "text_settings.sql").read_text(encoding="utf-8")
CALL = re.compile(r"\bread_(csv|parquet|json)\w*\(")

# Readers of delivered files and of copies of them.
CSV_SETTINGS = {
    *("delim", "quote", "escape", "comment", "header", "skip", "nullstr", "compression"),
    *("encoding", "max_line_size", "auto_detect", "strict_mode", "null_padding", "columns"),
    *("ignore_errors", "store_rejects", "normalize_names", "allow_quoted_nulls"),
    *("filename", "hive_partitioning", "union_by_name"),
}
PARQUET_SETTINGS = {
    *("binary_as_string", "file_row_number", "filename", "hive_partitioning", "union_by_name"),
}


def calls() -> list[tuple[str, str, str]]:
    """The file, the kind and the arguments of every reader in the package and the models."""
    found = []
    folders = (PACKAGE, PROJECT_DIR / "models", PROJECT_DIR / "macros")
    paths = [path for folder in folders for path in folder.rglob("*")]
    for path in paths:
        if path.suffix in (".py", ".sql") and "_project" not in path.parts:
            text = path.read_text(encoding="utf-8").replace("{settings}", SHARED_SETTINGS)
            for call in CALL.finditer(text):
                depth, end = 1, call.end()
                while depth:
                    depth += {"(": 1, ")": -1}.get(text[end], 0)
                    end += 1
                found.append((path.name, call[1], text[call.end() : end - 1]))
    return found


@pytest.mark.parametrize(("name", "kind", "arguments"), calls())
def test_a_reader_takes_no_value_from_the_name_of_a_folder(name, kind, arguments) -> None:
    assert re.search(r"hive_partitioning\s*=\s*false", arguments), name


@pytest.mark.parametrize(
    ("name", "kind", "arguments"),
    [
        call
        for call in calls()
        if (PACKAGE / "loading" / "sql" / call[0]).exists() or call[0] == "text_file.sql"
    ],
)
def test_a_reader_of_delivered_files_states_all_its_settings(name, kind, arguments) -> None:
    stated = set(re.findall(r"(\w+)\s*=", arguments))
    expected = {"csv": CSV_SETTINGS, "parquet": PARQUET_SETTINGS}[kind]
    assert expected <= stated, f"{name}: {expected - stated}"


def test_the_models_and_the_loader_read_text_with_the_same_settings() -> None:
    """Two places state them, because the loader works without dbt. Comments there say why."""
    macro = (PROJECT_DIR / "macros" / "engine" / "text_file.sql").read_text(encoding="utf-8")
    loader, models = (
        dict(re.findall(r"^ +(\w+) = (.+?),?$", f"    {text}", re.MULTILINE))
        for text in (SHARED_SETTINGS, macro)
    )
    # The macro reads whole lines as well, and so its quotes and encoding are arguments.
    arguments = {"quote", "escape", "encoding"}
    differ = {name for name in loader if models.get(name) != loader[name]} - arguments
    assert differ == {"nullstr", "ignore_errors"}


def test_the_loader_reads_with_its_own_statements_only() -> None:
    loading = PACKAGE / "loading"
    assert {path.name for path in loading.rglob("*.py") if CALL.search(Path(path).read_text())} == (
        set()
    )
    assert len([call for call in calls() if (loading / "sql" / call[0]).exists()]) >= 4
