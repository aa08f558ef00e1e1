"""Which file of a delivery is which dataset, and which is not."""

from __future__ import annotations

import gzip
import os
import shutil

import pytest
from loading_helpers import (
    DATASETS,
    VISIT_SEED,
    header_of,
    query,
    write_pupils,
    write_seed,
)

from social_care_warehouse.console import UserError
from social_care_warehouse.loading import load_delivery
from social_care_warehouse.loading.column_seeds import read_datasets
from social_care_warehouse.loading.fit import best_fits


def unused(database):
    return dict(query(database, "select file_name, reason from raw.unused_files"))


def test_other_files_are_listed_with_their_reason(extracts, database):
    write_pupils(extracts)
    (extracts / "old").mkdir()
    (extracts / "dir.csv").mkdir()
    write_pupils(extracts / "old", "more.csv")
    (extracts / "empty.csv").touch()
    (extracts / "blank.csv").write_text("\n\r\n")
    (extracts / "empty.parquet").touch()
    (extracts / "notes.txt").write_text("Dear researcher,\nhere are the files.\n")
    (extracts / "ks4.csv").write_text("KS4_ACADYR,KS4_Score\n2005/2006,1\n")
    (extracts / "guide.pdf").write_bytes(b"%PDF-1.4\n\0\0")
    (extracts / "zeros.csv").write_bytes(b"\0" * 1000)
    (extracts / "picture.csv").write_bytes(os.urandom(64).replace(b"\x1f", b"x") + b"\0,\0")
    (extracts / "broken.csv").symlink_to(extracts / "nowhere.csv")
    (extracts / "wide.csv").write_text("x" * 2_000_000)
    os.mkfifo(extracts / "pipe.csv")
    shutil.copy(extracts / "pupils.csv", extracts / "pupils copy.csv")
    (extracts / "z.csv.gz").write_bytes(gzip.compress((extracts / "pupils.csv").read_bytes()))
    load_delivery(extracts, database)
    assert query(database, "select count(*) from raw.population") == [(3,)]
    reasons = unused(database)
    picture_reason = reasons.pop("picture.csv")
    assert picture_reason in ("not a known dataset", "not a delimited text or Parquet file")
    assert reasons == {
        "old": "folder",
        "dir.csv": "folder",
        "empty.csv": "empty file",
        "blank.csv": "empty file",
        "empty.parquet": "empty file",
        "notes.txt": "not a known dataset",
        "ks4.csv": "not a known dataset",
        "guide.pdf": "not a delimited text or Parquet file",
        "zeros.csv": "not a delimited text or Parquet file",
        "broken.csv": "a link to nothing",
        "wide.csv": "its first line is too long for a header",
        "pipe.csv": "not a regular file",
        "pupils.csv": "the same content as pupils copy.csv",
        "z.csv.gz": "the same content as pupils copy.csv",
    }


def test_a_header_fits_the_dataset_of_which_it_has_most():
    datasets = list(DATASETS.values())
    for name in DATASETS:
        assert [fit.dataset.name for fit in best_fits(header_of(name), datasets)] == [name]
    plain = [c.removeprefix("CLA_") for c in header_of("cla")]
    assert best_fits(plain, datasets)[0].dataset.name == "cla"


def test_a_file_with_one_column_missing_is_not_taken_for_a_list_of_pupils():
    header = [c.removeprefix("CLA_") for c in header_of("cla", required_only=True)][:-1]
    fits = best_fits(header, list(DATASETS.values()))
    assert [(fit.dataset.name, fit.missing) for fit in fits] == [("cla", ["CLA_REC"])]


def test_few_known_columns_among_many_are_no_dataset():
    header = ["MoJUID", "CLA_ACADYR", *(f"other_{i}" for i in range(20))]
    assert best_fits(header, list(DATASETS.values())) == []
    mostly_known = ["MoJUID", "YearOfBirth", "MonthOfBirth", "Gender"]
    fits = best_fits(mostly_known, list(DATASETS.values()))
    assert fits[0].missing == ["PupilMatchingRefAnonymous"]


def test_a_seed_that_contradicts_itself_is_refused(tmp_path):
    for lines in ("visit,note,pupil_id,false\n", "visit,note,remark,true\n"):
        with pytest.raises(UserError, match=r"Line 6 of aliases\.csv"):
            read_datasets(write_seed(tmp_path, VISIT_SEED + lines))
    for text in ("", "a,b\n1,2\n"):
        with pytest.raises(UserError):
            read_datasets(write_seed(tmp_path, text))


@pytest.mark.parametrize("name", ["cla.parquet", "cla.csv"])
def test_a_folder_of_parts_is_refused(extracts, database, name):
    (extracts / name).mkdir()
    write_pupils(extracts / name, "part-0.csv")
    with pytest.raises(UserError, match="is a folder with parts of a file"):
        load_delivery(extracts, database)
    assert not database.exists()
