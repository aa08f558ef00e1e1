insert into new_warehouse.raw.rejected_lines
select
    $dataset,
    $source_file,
    line,
    reason,
    line_text,
    $loaded_at
from read_json(
    $path,
    format = 'newline_delimited',
    columns = {'line': 'bigint', 'reason': 'varchar', 'line_text': 'varchar'}
)
order by line
