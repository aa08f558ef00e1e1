-- For a file with lines that are no rows (blank or rejected): the file of gaps has, from which row on, how
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
        delim = ',',
        quote = '"',
        escape = '"',
        comment = '',
        header = false,
        new_line = '\n',
        skip = 0,
        nullstr = '',
        compression = 'none',
        encoding = 'utf-8',
        max_line_size = 2000000,
        auto_detect = false,
        strict_mode = true,
        null_padding = false,
        ignore_errors = false,
        store_rejects = false,
        normalize_names = false,
        allow_quoted_nulls = false,
        filename = false,
        hive_partitioning = false,
        union_by_name = false
    )
) as stretches
where loaded.rowid >= stretches.first_rowid
    and loaded.rowid < stretches.next_first_rowid
