-- Rows come in the order of the file. With buffers of this size, each holds more rows than a group of
-- a table: DuckDB then stores them as they come, in half of the time.
read_csv(
    $path,
    columns = $cells,
    delim = $delimiter,
    header = true,
    compression = $compression,
    buffer_size = 67108864,
    {settings}
)
