-- For a file with lines that are no rows (blank or set aside): `gaps` says from which row on how many such
-- lines came before.
insert into new_warehouse.raw.{table} (
    {columns}, _source_file, _source_line, _source_row, _loaded_at
)
with numbered as (
    select
        *,
        row_number() over () as source_row
    from read_csv(
        $path,
        columns = $cells,
        delim = $delimiter,
        quote = '"',
        escape = '"',
        header = true,
        auto_detect = false,
        nullstr = $no_such_value
    )
),

gaps as (
    select
        from_row,
        lines_before
    from read_csv(
        $gaps_path,
        columns = {{'from_row': 'bigint', 'lines_before': 'bigint'}},
        header = false,
        auto_detect = false
    )
)

select
    {cells},
    $source_file,
    numbered.source_row + 1 + coalesce(gaps.lines_before, 0),
    numbered.source_row,
    $loaded_at
from numbered
asof left join gaps
    on numbered.source_row >= gaps.from_row
order by numbered.source_row
