"""Which paths a warehouse can have."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from commands import run_script

from social_care_warehouse import engine
from social_care_warehouse.areas import warehouse as areas_warehouse
from social_care_warehouse.console import Console, UserError
from social_care_warehouse.files.paths import (
    ENGINE_NAMES,
    SCHEMAS,
    check_database_path,
    real_path,
    shown,
)

POSIX_ONLY = pytest.mark.skipif(os.name != "posix", reason="a backslash is a slash there")


@pytest.mark.parametrize("name", [*SCHEMAS, *ENGINE_NAMES])
@pytest.mark.parametrize("form", ["{}.duckdb", "{}", "{}.2024.duckdb", "{}.DB"])
def test_a_name_that_makes_queries_ambiguous_is_refused(
    tmp_path: Path, name: str, form: str
) -> None:
    for spelled in (name, name.upper()):
        with pytest.raises(UserError, match="Choose another name, for example warehouse"):
            check_database_path(tmp_path / form.format(spelled))


def test_the_names_of_all_schemas_are_refused(default_warehouse: Path) -> None:
    with duckdb.connect(default_warehouse, read_only=True) as connection:
        schemas = connection.sql(
            "select schema_name from duckdb_schemas() where not internal"
        ).fetchall()
    # The command areas makes the schema models.
    assert {name for (name,) in schemas} - {"main"} | {"models"} == set(SCHEMAS)


@pytest.mark.parametrize(
    "name",
    [
        "it's.duckdb", 'a"b.duckdb', "a;b.duckdb", "{{ x }}.duckdb", "new\nline.duckdb",
        "a*b.duckdb", "a?b.duckdb", "a[b].duckdb", "back\\slash.duckdb", "a$b.duckdb",
        "a`b`.duckdb", "a|b.duckdb", "a<b>.duckdb", "a:b.duckdb", "100%.duckdb", "\x1b[31m.duckdb",
        "a\u202eb.duckdb", "-a.duckdb", ".a.duckdb", " a.duckdb", "a.duckdb ",
        "warehouse.duckdb.wal", "x" * 230,
    ],
)  # fmt: skip
def test_a_name_that_cannot_work_is_refused_before_any_work(tmp_path: Path, name: str) -> None:
    for command in ("build", "load"):
        done = run_script(command, "/no/such/folder", "--database", tmp_path / name)
        assert done.returncode == 2
        assert "\x1b" not in done.stderr
        assert "warehouse.duckdb" in done.stderr or "Choose a shorter" in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name",
    ["warehouse.duckdb", "select.duckdb", "my study (v2).db", "a-b_c+d.duckdb", "日本", "É.x"],
)
def test_other_names_can_be_used(tmp_path: Path, name: str) -> None:
    check_database_path(tmp_path / name)


@POSIX_ONLY
def test_a_path_that_is_not_utf_8_is_refused_by_those_who_read(tmp_path: Path) -> None:
    # So does a shell without UTF-8 pass on a path of other letters.
    database = tmp_path / os.fsdecode(b"w\xe4.duckdb")
    with duckdb.connect(tmp_path / "w.duckdb") as connection:
        connection.execute("create table a (b integer)")
    (tmp_path / "w.duckdb").rename(database)
    with pytest.raises(UserError, match="is not UTF-8"):
        engine.open_warehouse(database)
    with (
        pytest.raises(UserError, match="is not UTF-8"),
        areas_warehouse.open_warehouse(database),
    ):
        pass


@pytest.mark.parametrize("folder", ["a?b", pytest.param("a\\b", marks=POSIX_ONLY)])
def test_a_folder_that_duckdb_cannot_use_is_refused(tmp_path: Path, folder: str) -> None:
    (tmp_path / folder).mkdir()
    with pytest.raises(UserError, match="DuckDB cannot use the folder"):
        check_database_path(tmp_path / folder / "w.duckdb")


def test_a_folder_may_have_most_characters(extracts: Path, tmp_path: Path) -> None:
    folder = tmp_path / 'it\'s {{ x }}; a*b [c] "d" %'
    folder.mkdir()
    (extracts / "pupils.csv").write_text("PupilMatchingRefAnonymous,MoJUID\np1,m1\n")
    done = run_script("load", extracts, "--database", folder / "w.duckdb")
    assert done.returncode == 0, done.stderr
    assert [path.name for path in folder.iterdir()] == ["w.duckdb"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes that have a name")
@pytest.mark.parametrize("command", ["build", "load"])
def test_a_pipe_or_device_is_refused_at_once(tmp_path: Path, command: str) -> None:
    os.mkfifo(tmp_path / "w.duckdb")
    (tmp_path / "link.duckdb").symlink_to("/dev/null")
    for name in ("w.duckdb", "link.duckdb"):
        done = run_script(command, tmp_path, "--database", tmp_path / name)
        assert done.returncode == 2
        assert "is a device or pipe, not a file. Choose another path." in done.stderr


@pytest.mark.skipif(
    not sys.platform.startswith("linux") or os.geteuid() != 0, reason="only root can mount a file"
)
def test_a_file_that_is_a_mount_point_is_refused_at_once(tmp_path: Path) -> None:
    for name in ("inside.duckdb", "outside here.duckdb"):
        (tmp_path / name).touch()
    place = tmp_path / "outside here.duckdb"
    mounted = subprocess.run(
        ["mount", "--bind", str(tmp_path / "inside.duckdb"), str(place)], check=False
    )
    if mounted.returncode != 0:
        pytest.skip("this system does not let us mount a file")
    try:
        with pytest.raises(UserError, match="is mounted as a single file"):
            check_database_path(place)
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_links_are_followed_to_the_file_itself(tmp_path: Path) -> None:
    (tmp_path / "vault").mkdir()
    (tmp_path / "link").symlink_to("vault")
    (tmp_path / "w.duckdb").symlink_to("link/w.duckdb")
    assert real_path(tmp_path / "w.duckdb") == tmp_path / "vault" / "w.duckdb"
    (tmp_path / "loop.duckdb").symlink_to("loop.duckdb")
    with pytest.raises(UserError, match="a link that does not lead to a file"):
        check_database_path(real_path(tmp_path / "loop.duckdb"))


def test_a_path_in_the_current_folder_is_shown_short(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert shown(tmp_path / "w.duckdb") == "w.duckdb"
    assert shown(tmp_path.parent / "w.duckdb") == str(tmp_path.parent / "w.duckdb")


def test_no_control_character_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    console = Console(force_terminal=True, width=80, color_system=None)
    harmful = "a\x1b[2Jb\x07c\x9bd\u202ee\u2028f"
    console.print(harmful, markup=False)
    with console.status(harmful):
        pass
    printed = capsys.readouterr().out
    assert "a\ufffd[2Jb" in printed
    assert not set("\x07\x9b\u202e\u2028") & set(printed)
    assert "\x1b[2J" not in printed
