read_csv(
    {path},
    columns = {columns},
    delim = {delimiter},
    header = false,
    new_line = '\n',
    compression = 'none',
    {settings}
)
