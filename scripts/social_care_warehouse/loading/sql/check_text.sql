read_csv(
    $path,
    columns = $cells,
    delim = $delimiter,
    quote = '"',
    escape = '"',
    header = true,
    auto_detect = false,
    compression = $compression,
    encoding = $encoding,
    ignore_errors = true
)
