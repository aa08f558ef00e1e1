-- A row of a Parquet file, which has no lines, or many lines that are only counted.
insert into new_warehouse.raw.rejected_lines
values (
    $dataset, $source_file, $source_line, $reason, $n_lines, $line_text, $loaded_at
)
