"""What must hold of every load, whatever is delivered."""

from __future__ import annotations

from pathlib import Path

import pytest
from loading_helpers import (
    PUPIL_HEADER,
    files_beside,
    parquet,
    query,
)

from social_care_warehouse.console import UserError
from social_care_warehouse.loading import load_delivery


def assert_balanced(database: Path) -> None:
    """Lines of files are rows and rejected lines, by the accounts and by the tables themselves."""
    lines, loaded, rejected = query(
        database, "select sum(lines), sum(rows_loaded), sum(rows_rejected) from raw.load_files"
    )[0]
    n_rows = query(database, "select count(*) from raw.population")[0][0]
    n_rejected = query(database, "select coalesce(sum(n_lines), 0) from raw.rejected_lines")[0][0]
    assert (lines, loaded, rejected) == (n_rows + n_rejected, n_rows, n_rejected)


def assert_refused(extracts: Path, database: Path, part: str) -> None:
    """A load and a check give the same sentence, and a load leaves nothing."""
    with pytest.raises(UserError) as refused:
        load_delivery(extracts, database)
    assert part in str(refused.value)
    assert "\n" not in str(refused.value)
    assert files_beside(database) == []


TABLE = parquet(PUPIL_HEADER, [("P1", "M1", "1999"), ("P2", "M2", "2000")])
