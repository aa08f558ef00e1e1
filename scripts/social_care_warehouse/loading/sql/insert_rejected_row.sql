-- A row of a Parquet file, which has no lines.
insert into new_warehouse.raw.rejected_lines
values ($dataset, $source_file, null, $reason, $line_text, $loaded_at)
