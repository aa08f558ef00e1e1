-- For a file with lines that are no rows (blank or set aside): the file of gaps says from which row on how
-- many such lines came before. Joined to the narrow row numbers only, so that it stays small in memory.
update new_warehouse.raw.{table} as loaded
set _source_line = loaded.rowid - $first_rowid + 2 + stretches.lines_before
from (
    select
        $first_rowid + from_row - 1 as first_rowid,
        lead($first_rowid + from_row - 1, 1, $end_rowid) over (order by from_row)
            as next_first_rowid,
        lines_before
    from read_csv(
        $path,
        columns = {{'from_row': 'bigint', 'lines_before': 'bigint'}},
        header = false,
        auto_detect = false
    )
) as stretches
where loaded.rowid >= stretches.first_rowid
    and loaded.rowid < stretches.next_first_rowid
