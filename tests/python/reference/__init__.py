"""What the warehouse must show, written out a second time.

The rules once more in plain Python, as slow and as obvious as possible: one pupil after the other,
days in care as sets of days, no SQL. Nothing here is shared with the models but the seeds (code
lists and recodes), which are data. Rows are dicts of text, as the loader leaves them in `raw`.
"""

from reference.care_days import days_in_covered_years
from reference.cells import clean, read_academic_year, read_date
from reference.episodes import (
    care_episodes,
    care_histories,
    is_open,
    reporting_year,
    start_date,
    years_covered,
)
from reference.particulars import birth
from reference.persons import closure, persons
from reference.placements import number_of_moves

__all__ = [
    "birth",
    "care_episodes",
    "care_histories",
    "clean",
    "closure",
    "days_in_covered_years",
    "is_open",
    "number_of_moves",
    "persons",
    "read_academic_year",
    "read_date",
    "reporting_year",
    "start_date",
    "years_covered",
]
