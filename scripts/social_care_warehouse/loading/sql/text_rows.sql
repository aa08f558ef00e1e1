read_csv(
    $path,
    columns = $cells,
    delim = $delimiter,
    header = true,
    compression = $compression,
    {settings}
)
