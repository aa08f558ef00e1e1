"""Files that a load refuses: one sentence gives the reason, and nothing is changed."""

from __future__ import annotations

import gzip

import pytest
from loading_helpers import (
    PUPIL_HEADER,
    PUPILS_TEXT,
    VISIT_SEED,
    as_text,
    files_beside,
    header_of,
    parquet,
    put,
    rows_of,
    write_pupils,
    write_seed,
)

from social_care_warehouse.console import UserError
from social_care_warehouse.loading import load_delivery


def cla_text(*, without=(), extra=()):
    header = [column for column in header_of("cla") if column not in without]
    return as_text([*header, *extra], rows_of([*header, *extra])).encode()


def damaged(content, start, end):
    return content[:start] + b"\xff" * (end - start) + content[end:]


PUPILS_GZIP = gzip.compress(PUPILS_TEXT.encode())
MANY_PUPILS = [[f"{column}{i}" for column in PUPIL_HEADER] for i in range(2000)]
MANY_PUPILS_PARQUET = parquet(PUPIL_HEADER, MANY_PUPILS, use_dictionary=False)
N_CLA = len(header_of("cla"))
PLACEMENT_AT = header_of("cla").index("CLA_PLACEMENT") + 1

# Deliveries with one thing wrong, and what the sentence must say about it.
REFUSED = {
    "nothing recognised": ({"notes.txt": b"a,b"}, ["No file in", "cla, cin"]),
    "missing column": (
        {"x.csv": cla_text(without=["CLA_PLACEMENT"]), "good.csv": PUPILS_TEXT.encode()},
        ["x.csv is a cla file without the column CLA_PLACEMENT."],
    ),
    "missing columns": (
        {"x.csv": cla_text(without=["CLA_PLACEMENT", "CLA_REC"])},
        ["without the columns CLA_PLACEMENT, CLA_REC."],
    ),
    "missing column under nearly its name": (
        {"x.csv": cla_text(without=["CLA_REC"], extra=["CLA_RECC", "Extra"])},
        ["x.csv is a cla file without the column CLA_REC; did you mean CLA_REC by CLA_RECC?"],
    ),
    "missing columns, two nearly there": (
        {
            "x.csv": cla_text(
                without=["CLA_PLACEMENT", "CLA_REC", "CLA_LEGAL_STATUS"],
                extra=["CLA_RECC ", "CLA_PLACMENT"],
            )
        },
        [
            "without the columns CLA_LEGAL_STATUS, CLA_PLACEMENT, CLA_REC;"
            " did you mean CLA_REC by CLA_RECC, CLA_PLACEMENT by CLA_PLACMENT?"
        ],
    ),
    "missing column, and another nearly there that may be missing": (
        {"x.csv": cla_text(without=["CLA_PLACEMENT", "CLA_RNE"], extra=["CLA_RNEE"])},
        ["x.csv is a cla file without the column CLA_PLACEMENT."],
    ),
    "column twice": (
        {"x.csv": cla_text(extra=["cla placements"]), "good.csv": PUPILS_TEXT.encode()},
        [f"Columns {PLACEMENT_AT} and {N_CLA + 1} of x.csv both mean CLA_PLACEMENT."],
    ),
    "different columns": (
        {"a.csv": cla_text(extra=["Extra"]), "b.csv": cla_text()},
        ["a.csv has Extra, b.csv does not", "--fill-missing-columns"],
    ),
    "different optional columns": (
        {"a.csv": cla_text(without=["CLA_RNE"]), "b.csv": cla_text()},
        ["b.csv has CLA_RNE, a.csv does not"],
    ),
    "cut gzip": (
        {"x.csv.gz": PUPILS_GZIP + gzip.compress(b"1,2,3\n" * 1000)[:-9]},
        ["x.csv.gz is cut off or damaged"],
    ),
    "gzip with a wrong sum": (
        {"x.csv.gz": damaged(PUPILS_GZIP, len(PUPILS_GZIP) - 6, len(PUPILS_GZIP) - 5)},
        ["x.csv.gz is cut off or damaged"],
    ),
    "no gzip": ({"x.csv.gz": b"something else"}, ["x.csv.gz is not a gzip file"]),
    "no parquet": (
        {"x.parquet": b"PAR1 and nothing else"},
        ["x.parquet cannot be read as a Parquet file"],
    ),
    "damaged parquet": (
        {"x.parquet": damaged(MANY_PUPILS_PARQUET, 50, 2000)},
        ["x.parquet could not be loaded"],
    ),
    "half a character": (
        {"x.csv": PUPILS_TEXT.encode("utf-16") + b"x"},
        ["x.csv is not the utf-16-le text that it seems to be"],
    ),
    "too many columns": (
        {"x.csv": as_text([*PUPIL_HEADER, *(f"c{i}" for i in range(6000))], []).encode()},
        ["x.csv has 6,003 columns"],
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
@pytest.mark.parametrize("has_database", [True, False])
def test_what_is_refused_leaves_everything_as_it_was(
    tmp_path, extracts, database, kind, has_database
):
    if has_database:
        load_delivery(write_pupils(tmp_path / "before").parent, database)
        before = database.read_bytes()
    contents, parts = REFUSED[kind]
    for name, content in contents.items():
        (extracts / name).write_bytes(content)
    with pytest.raises(UserError) as refused:
        load_delivery(extracts, database)
    for part in parts:
        assert part in str(refused.value)
    assert "\n" not in str(refused.value)
    assert "v0_" not in str(refused.value)
    if has_database:
        assert database.read_bytes() == before
    assert files_beside(database) == ["warehouse.duckdb"] * has_database


def test_a_header_that_fits_two_datasets_is_refused(tmp_path, extracts, database):
    seed = write_seed(
        tmp_path, VISIT_SEED + VISIT_SEED.split("\n", 1)[1].replace("visit,", "stay,")
    )
    put(extracts, "x.csv", ["visit_id", "pupil_id"])
    with pytest.raises(UserError, match=r"x\.csv could be visit and stay"):
        load_delivery(extracts, database, aliases=seed)


def test_a_file_of_two_datasets_is_refused(extracts, database):
    put(extracts, "x.csv", [*header_of("cla"), *(c for c in header_of("cin") if c != "MoJUID")])
    with pytest.raises(UserError, match=r"x\.csv holds cla and cin in one table"):
        load_delivery(extracts, database)
    assert files_beside(database) == []


def test_a_file_that_changes_while_it_is_read_is_refused(extracts, database):
    path = write_pupils(extracts)

    def report(sentence):
        if sentence.startswith("Loading"):
            with path.open("a") as file:
                file.write("P9,M9,1990\n")

    with pytest.raises(UserError, match=r"pupils\.csv changed while it was being read"):
        load_delivery(extracts, database, report=report)
    assert files_beside(database) == []


def test_no_folder(tmp_path, database):
    with pytest.raises(UserError, match="There is no folder"):
        load_delivery(tmp_path / "nowhere", database)
    with pytest.raises(UserError, match="is not a folder"):
        load_delivery(write_pupils(tmp_path), database)
