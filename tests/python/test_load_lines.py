"""Every line of a text file is loaded exactly, or rejected with its reason; never lost."""

from __future__ import annotations

import csv
import gzip
import io
import random
import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from loading_helpers import query, write_seed

from social_care_warehouse.console import UserError
from social_care_warehouse.loading import load_delivery
from social_care_warehouse.loading.text import exact, plain

HEADER = "visit_id,pupil_id,note"


@pytest.fixture
def load_text(tmp_path):
    """Load one file of visits; returns its rows with their lines, what was rejected, and counts."""
    seed = write_seed(tmp_path)
    runs = iter(range(1_000_000))

    def load(content: bytes | str, name: str = "visits.csv"):
        run = tmp_path / str(next(runs))
        (run / "in").mkdir(parents=True)
        data = content.encode() if isinstance(content, str) else content
        (run / "in" / name).write_bytes(data)
        database = run / "w.duckdb"
        load_delivery(run / "in", database, aliases=seed, allow_rejected=True)
        return outcome(database)

    return load


def outcome(database: Path):
    rows = query(
        database,
        "select visit_id, pupil_id, note, _source_line, _source_row from raw.visit order by all",
    )
    rows.sort(key=lambda row: row[-1])
    rejected = query(
        database, "select _source_line, reason, line_text from raw.rejected_lines order by 1"
    )
    counts = query(
        database, "select lines, blank_lines, rows_loaded, rows_rejected from raw.load_files"
    )[0]
    assert counts[0] == counts[2] + counts[3]
    assert counts[2] == len(rows)
    assert counts[3] == len(rejected)
    assert [row[-1] for row in rows] == list(range(1, len(rows) + 1))
    return rows, rejected, counts


def test_values_are_exactly_as_delivered(load_text):
    text = HEADER + '\n 1 ,\t2,NULL\n"",,""\n"a,b","c""d","e\nf"\nNA,.,\\N\n#x,\u00e9\u2028,\x1a\n'
    rows, rejected, counts = load_text(text)
    assert [row[:3] for row in rows] == [
        (" 1 ", "\t2", "NULL"),
        ("", "", ""),
        ("a,b", 'c"d', "e\nf"),
        ("NA", ".", "\\N"),
        ("#x", "\u00e9\u2028", "\x1a"),
    ]
    assert [row[3] for row in rows] == [2, 3, 4, 5, 6]
    assert rejected == []
    assert counts == (5, 0, 5, 0)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("has_last_line_end", [True, False])
def test_line_ends_do_not_matter(load_text, line_end, has_last_line_end):
    text = line_end.join([HEADER, "1,a,x", "2,b,", "3,,z"]) + line_end * has_last_line_end
    rows, _, counts = load_text(text)
    assert rows == [("1", "a", "x", 2, 1), ("2", "b", "", 3, 2), ("3", "", "z", 4, 3)]
    assert counts == (3, 0, 3, 0)


def test_mixed_line_ends(load_text):
    rows, _, counts = load_text(HEADER + "\r\n1,a,x\n2,b,y\r\n3,c,z\n\r\n4,d,w")
    assert [row[:4] for row in rows] == [
        ("1", "a", "x", 2),
        ("2", "b", "y", 3),
        ("3", "c", "z", 4),
        ("4", "d", "w", 6),
    ]
    assert counts == (4, 1, 4, 0)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("1,a", "too few columns"),
        ("1,a,x,", "too many columns"),
        ("  ", "too few columns"),
        ('""', "too few columns"),
        ('1,"a,x', "quote not closed"),
        ('1,"a"b,x', "text after a closing quote"),
        ("1,a\0,x", "a NUL byte in it"),
        (HEADER, "header repeated"),
        ('"Visit ID","PUPIL.ID","note"', "header repeated"),
        ("VISIT_ID,PupilRef,Note", "header repeated"),
        ("--------,--------,----", "line of hyphens"),
        ('-,"-", ', "line of hyphens"),
        ("---\t---\t---", "line of hyphens"),
        ('"visit_id","pupil_id",NOTE', "header repeated"),
        ('1,"' + "x" * 3_000_000 + '",y', "line too long"),
    ],
)
def test_lines_are_rejected_with_their_reason(load_text, line, reason):
    rows, rejected, counts = load_text(f"{HEADER}\n0,p,q\n\n{line}\n9,r,s\n\n")
    assert [row[:4] for row in rows] == [("0", "p", "q", 2), ("9", "r", "s", 5)]
    assert [(line, found) for line, found, _ in rejected] == [(4, reason)]
    assert rejected[0][2] == line.replace("\0", "\u2400")[:100_000]
    assert counts == (3, 2, 2, 1)


def test_one_stray_quote_does_not_swallow_the_rest(load_text):
    good = [f"{i},p,q" for i in range(1000)]
    rows, rejected, _ = load_text("\n".join([HEADER, *good[:500], '7,"p,q', *good[500:]]) + "\n")
    assert len(rows) == 1000
    assert rejected == [(502, "quote not closed", '7,"p,q')]
    assert rows[500][3:] == (503, 501)


def test_quotes_inside_unquoted_values_are_kept(load_text):
    rows, rejected, _ = load_text(HEADER + '\n1,5" pipe,a""b\n2,3" by 4",x "y" z\n')
    assert [row[:3] for row in rows] == [("1", '5" pipe', 'a""b'), ("2", '3" by 4"', 'x "y" z')]
    assert rejected == []


def test_spaces_around_quotes_are_kept_as_the_csv_module_keeps_them(load_text):
    rows, _, _ = load_text(HEADER + '\n1, "a" ,"b" \n')
    assert rows[0][:3] == tuple(next(csv.reader(['1, "a" ,"b" '])))


def test_a_carriage_return_inside_a_value_is_kept(load_text):
    rows, _, _ = load_text(HEADER + '\n1,a\rb,"c\r\nd"\n2,"e\r",f\n')
    assert [row[:4] for row in rows] == [("1", "a\rb", "c\r\nd", 2), ("2", "e\r", "f", 3)]


def test_blank_lines_are_counted_and_keep_line_numbers_right(load_text):
    rows, _, counts = load_text("\n" + HEADER + "\n\n\n1,a,b\n2,a,b\n\n3,a,b\n\n\n")
    assert [row[3] for row in rows] == [5, 6, 8]
    assert counts == (3, 6, 3, 0)


def test_a_file_that_is_not_utf_8_is_read_as_latin_1(load_text, tmp_path):
    rows, _, _ = load_text((HEADER + "\n1,caf\u00e9,\x93q\x94\n").encode("latin-1"))
    assert rows[0][:3] == ("1", "caf\u00e9", "\x93q\x94")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_other_encodings(load_text, encoding):
    rows, _, counts = load_text((HEADER + "\n1,caf\u00e9 \u4e2d\U0001f600,x\n").encode(encoding))
    assert rows[0][:3] == ("1", "caf\u00e9 \u4e2d\U0001f600", "x")
    assert counts == (1, 0, 1, 0)


def test_a_value_that_looks_like_nothing_is_still_text(load_text):
    rows, _, _ = load_text(HEADER + '\n"",NULL,null\n,NA,\n')
    assert [row[:3] for row in rows] == [("", "NULL", "null"), ("", "NA", "")]


def test_a_header_without_rows(load_text):
    for text in (HEADER, HEADER + "\n", HEADER + "\r\n\r\n"):
        rows, rejected, counts = load_text(text)
        assert (rows, rejected, counts[0]) == ([], [], 0)


def big_text(n_lines: int, *, seed: int, has_faults: bool) -> str:
    """A text of several of DuckDB's reading buffers, with all that a csv module can write."""
    rng = random.Random(seed)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER.split(","))
    for i in range(n_lines):
        note = rng.choice(
            ["", "plain", "with, comma", 'a "quoted" word', "two\nlines", "x" * 30, "y" * 900]
        )
        writer.writerow([i, f"P{i:09d}", note])
        if has_faults and rng.random() < 0.001:
            out.write(rng.choice(["\n", "1,2\n", "1,2,3,4\n", "\n\n", '1,"2,3\n', HEADER + "\n"]))
    return out.getvalue()


@pytest.mark.parametrize("is_compressed", [False, True])
def test_big_files_agree_with_the_csv_module(load_text, is_compressed):
    text = big_text(180_000, seed=1, has_faults=False)
    expected = [
        (*row, i + 2, i + 1) for i, row in enumerate(list(csv.reader(io.StringIO(text)))[1:])
    ]
    data = gzip.compress(text.encode(), 1) if is_compressed else text.encode()
    rows, _, _ = load_text(data, "visits.csv.gz" if is_compressed else "visits.csv")
    assert rows == expected


def test_big_files_with_faults_keep_every_row_and_line_number(load_text):
    text = big_text(70_000, seed=2, has_faults=True)
    expected_rows, expected_rejected, n_blank = by_the_rules(text)
    rows, rejected, counts = load_text(text)
    assert rows == expected_rows
    assert rejected == expected_rejected
    assert counts[1] == n_blank


def test_several_big_files_with_faults_each_have_their_own_line_numbers(tmp_path):
    # DuckDB has stored most rows when it meets the quote with text after it and gives up.
    texts = {
        "a.csv": HEADER + "\n" + "1,p,q\n" * 300_000 + '2,"p"q,r\n\n3,p,q\n',
        "b.csv": HEADER + "\n\n" + "4,p,q\n" * 200_000 + "5,p\n" + "6,p,q\n" * 10,
        "c.csv": HEADER + "\n" + "7,p,q\n" * 130_000,
    }
    (tmp_path / "in").mkdir()
    for name, text in texts.items():
        (tmp_path / "in" / name).write_text(text)
    load_delivery(tmp_path / "in", tmp_path / "w.duckdb", aliases=write_seed(tmp_path))
    found = query(
        tmp_path / "w.duckdb",
        """
        select _source_file, visit_id, count(*), min(_source_row), max(_source_row),
            min(_source_line), max(_source_line), min(_source_line - _source_row),
            max(_source_line - _source_row)
        from raw.visit group by all order by all
        """,
    )
    assert found == [
        ("a.csv", "1", 300_000, 1, 300_000, 2, 300_001, 1, 1),
        ("a.csv", "3", 1, 300_001, 300_001, 300_004, 300_004, 3, 3),
        ("b.csv", "4", 200_000, 1, 200_000, 3, 200_002, 2, 2),
        ("b.csv", "6", 10, 200_001, 200_010, 200_004, 200_013, 3, 3),
        ("c.csv", "7", 130_000, 1, 130_000, 2, 130_001, 1, 1),
    ]


def by_the_rules(text: str):
    """A slow, simple reader that follows the rules one character at a time, for comparison."""
    rows, rejected, n_blank = [], [], 0
    position, line_number, has_header = 0, 0, False
    n_columns = len(HEADER.split(","))
    while position < len(text):
        line_end = text.find("\n", position)
        next_line = len(text) if line_end < 0 else line_end + 1
        line = text[position:next_line].removesuffix("\n").removesuffix("\r")
        line_number += 1
        if not line.strip("\r"):
            n_blank += 1
            position = next_line
            continue
        cells, end, reason = record_at(text, position)
        first = line.split("\r")[0]
        is_whole = not reason
        if reason:
            end = next_line
        elif has_header:
            is_split = '"' not in line and first != line and len(cells) != n_columns
            if is_split and first.count(",") == n_columns - 1:
                # A carriage return alone ends a line if a row of the right width comes before it.
                cells, end = first.split(","), position + len(first) + 1
            if any("\0" in cell for cell in cells):
                reason = "a NUL byte in it"
            elif len(cells) != n_columns:
                reason = f"too {'few' if len(cells) < n_columns else 'many'} columns"
        if has_header and (found := no_row(text[position:end], cells if is_whole else [])):
            reason = found
        if not has_header:
            has_header = True
        elif reason:
            whole = text[position:end].rstrip("\r\n").replace("\0", "\u2400")
            rejected.append((line_number, reason, whole))
        else:
            rows.append((*cells, line_number, len(rows) + 1))
        position = end
    return rows, rejected, n_blank


def no_row(line: str, cells: list[str]) -> str | None:
    """Why a line holds no row. Raises AnotherHeaderError for a header that refuses the file."""
    if "-" in line and not line.strip('-+ \t\r\n,;|"'):
        return "line of hyphens"
    ways = [line.split(delimiter) for delimiter in ",\t;|"]
    for found in [cells, *ways]:
        names = [letters_of(cell) for cell in found]
        if is_header(names):
            if found is cells and columns_of(names) == ["visitid", "pupilid", "note"]:
                return "header repeated"
            raise AnotherHeaderError
    for found in ways:
        names = [letters_of(cell) for cell in found]
        # The last value of a row and the first name of another header are one cell.
        is_glued = is_header(names[3:]) and columns_of(names[3:]) != ["pupilid", "note"]
        if is_glued and names[2].endswith(NAMES):
            raise AnotherHeaderError
    return None


NAMES = ("visitid", "pupilid", "pupilref", "note")


def is_header(names: list[str]) -> bool:
    known = [name for name in names if name in NAMES]
    has_two = {"visitid", "pupilid"} <= set(columns_of(known))
    return has_two and 2 * len(known) >= len(names)


def columns_of(names: list[str]) -> list[str]:
    return [name.replace("ref", "id") for name in names]


class AnotherHeaderError(Exception):
    """A file must be refused."""


def letters_of(cell: str) -> str:
    return "".join(character for character in cell.lower() if character.isalnum())


def record_at(text: str, position: int):
    cells = []
    while True:
        if text[position : position + 1] == '"':
            value, at, reason = quoted_value_at(text, position)
            if reason:
                return cells, at, reason
        else:
            value = re.match(r"[^,\n]*", text[position : position + 1000])[0]
            at = position + len(value)
            if text[at : at + 1] != ",":
                value = value.removesuffix("\r")
        cells.append(value)
        if text[at : at + 1] != ",":
            return cells, min(at + 1, len(text)), None
        position = at + 1


def quoted_value_at(text: str, position: int):
    value, at = "", position + 1
    while text[at : at + 1] != '"' or text[at : at + 2] == '""':
        if at >= len(text):
            return value, at, "quote not closed"
        value += text[at]
        at += 1 + text.startswith('""', at)
    has_break = "\n" in text[position:at]
    at += 1
    while text[at : at + 1] == " ":
        value, at = value + " ", at + 1
    if text[at : at + 2] == "\r" or text.startswith("\r\n", at):
        at += 1
    if at < len(text) and text[at] not in ",\n":
        return value, at, "quote not closed" if has_break else "text after a closing quote"
    return value, at, None


PIECES = st.sampled_from(
    [
        *(",", '"', '""', "\n", "\r\n", "\r", " ", "a", "b,c", "\n\n", "\0", "\u00e9"),
        *("1,2,3\n", '"x","y","z"\n', '"p\nq"', HEADER, "note", "1,2,", ',"'),
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(pieces=st.lists(PIECES, max_size=25), block=st.sampled_from([7, 16, 61, 8 << 20]))
@example(pieces=['"', "\n", '"'], block=7)
@example(pieces=["1,2,", "a", "note", ",", ",", HEADER], block=7)
def test_any_text_is_read_by_the_rules(pieces, block):
    text = HEADER + "\n" + "".join(pieces)
    try:
        expected = by_the_rules(text)
    except AnotherHeaderError:
        expected = None
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        # Small blocks, so that lines and quotes are cut in every possible place.
        patch.setattr(plain, "BLOCK", block)
        patch.setattr(exact, "BLOCK", block)
        patch.setattr(exact, "BULKS", (4 * block, block))
        run = Path(folder)
        (run / "in").mkdir()
        (run / "in" / "visits.csv").write_bytes(text.encode())
        how = {"aliases": write_seed(run), "allow_rejected": True}
        if expected is None:
            with pytest.raises(UserError, match="is a header with other columns"):
                load_delivery(run / "in", run / "w.duckdb", **how)
            return
        load_delivery(run / "in", run / "w.duckdb", **how)
        rows, rejected, counts = outcome(run / "w.duckdb")
    assert rows == expected[0]
    assert rejected == expected[1]
    assert counts[1] == expected[2]
