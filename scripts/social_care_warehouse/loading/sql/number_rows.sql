-- The rows of a file are stored together and in the order of the file. A Parquet file has no lines.
update new_warehouse.raw.{table}
set
    _source_row = rowid - $first_rowid + 1,
    _source_line = case when $has_lines then rowid - $first_rowid + 2 end
where rowid between $first_rowid and $last_rowid
