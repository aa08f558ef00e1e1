-- A table and not a view, so that DuckDB knows the number of gaps when it plans the join.
create or replace temp table gap as
select
    $first_rowid + from_row - 1 as first_rowid,
    lead($first_rowid + from_row - 1, 1, $end_rowid) over (order by from_row)
        as next_first_rowid,
    lines_before
from {gaps}
