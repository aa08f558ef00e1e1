insert into new_warehouse.raw.load_files
values (
    $file_name, $dataset, $format, $delimiter, $encoding, $is_compressed, $sha256, $bytes,
    $lines, $blank_lines, $rows_loaded, $rows_rejected, $unused_columns, null, $read_as,
    $loaded_at
)
