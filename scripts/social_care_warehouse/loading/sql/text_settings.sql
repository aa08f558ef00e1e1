-- Every setting is stated, so that no default of DuckDB changes what is read. The macro text_file
-- has the same settings for the small files that dbt reads. It ignores lines that do not fit and
-- reads an empty cell as NULL: there a model counts the lines, and here the loader does.
quote = '"',
    escape = '"',
    comment = '',
    skip = 0,
    nullstr = $no_such_value,
    encoding = 'utf-8',
    max_line_size = 2000000,
    auto_detect = false,
    strict_mode = true,
    null_padding = false,
    ignore_errors = false,
    store_rejects = false,
    normalize_names = false,
    allow_quoted_nulls = false,
    filename = false,
    hive_partitioning = false,
    union_by_name = false
