"""Reading delimited text exactly: every line is a row, or is rejected with its reason.

DuckDB reads the text itself where that is safe (`scan` decides). Where it is not, `copy_exactly`
reads the text line by line and writes an even copy for DuckDB. Decision record 0023 has the
experiment that shows why `read_csv` alone cannot do this.
"""

from social_care_warehouse.loading.text.exact import copy_exactly, other_header
from social_care_warehouse.loading.text.exact_copy import REJECTED_DELIMITER, ExactCopy
from social_care_warehouse.loading.text.no_rows import (
    HEADER_REPEATED,
    OTHER_HEADER,
    UNDERLINE,
    UNDERLINE_PATTERN,
    NoRows,
)
from social_care_warehouse.loading.text.plain import FileScan, scan

__all__ = [
    "HEADER_REPEATED",
    "OTHER_HEADER",
    "REJECTED_DELIMITER",
    "UNDERLINE",
    "UNDERLINE_PATTERN",
    "ExactCopy",
    "FileScan",
    "NoRows",
    "copy_exactly",
    "other_header",
    "scan",
]
