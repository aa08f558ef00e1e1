"""The lint of words finds a phrase wherever it is, and leaves other words alone."""

from __future__ import annotations

import pytest

from dev.lint_words import findings, main


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("one\nwhat a file tells\n", "tells"),
        ("one\nIt stands for\n", "stands for"),
        ("one\n-- a row that stands\n-- for two\n", "stands for"),
        ("one\n    # for want\n    # of a file\n", "for want of"),
        ("one\nThere IS none.\n", "IS none"),
        ("one\nWhoever reads\n", "Whoever"),
        ("one\nnothing odd\n", "odd"),
        ("one\nwere set aside\n", "set aside"),
    ],
)
def test_a_phrase_is_found_with_its_line(text, phrase):
    ((line, found, suggestion),) = findings("models/a.sql", text)
    assert (line, found) == (2, phrase)
    assert suggestion


@pytest.mark.parametrize(
    "text",
    [
        "besides",
        "an odd number",
        "the odds",
        "standing for",
        "it is nonetheless",
        "toldness",
        "x is None",
        "{% if a is none %}",
    ],
)
def test_other_words_are_left_alone(text):
    assert not list(findings("models/a.sql", text))


def test_labels_of_official_code_lists_are_left_alone():
    assert not list(findings("seeds/lookups/placement.csv", "not told apart"))
    assert list(findings("seeds/definitions/placement.csv", "not told apart"))


def test_the_command_names_file_and_line(tmp_path, capsys):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "page.md").write_text("a\nbuilt anew\n", encoding="utf-8")
    with pytest.raises(SystemExit) as stop:
        main(tmp_path)
    assert stop.value.code
    assert capsys.readouterr().out == 'docs/page.md:2: "anew": write again\n'
    (tmp_path / "docs" / "page.md").write_text("a\nbuilt again\n", encoding="utf-8")
    main(tmp_path)
