-- The rejected lines of a file are in its order. The file of stretches has, for the first of each
-- stretch of neighbouring lines with one reason, its line in the file and the reason.
insert into new_warehouse.raw.rejected_lines
with texts as (
    select
        line_text,
        row_number() over () as rejected_number
    from read_csv(
        $rejected_path,
        columns = {{'line_text': 'varchar'}},
        delim = $rejected_delimiter,
        quote = '"',
        escape = '"',
        comment = '',
        header = false,
        new_line = '\n',
        skip = 0,
        nullstr = $no_such_value,
        compression = 'none',
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
    )
),

stretches as (
    select
        first_number,
        first_line,
        reason
    from read_csv(
        $stretches_path,
        columns = {{'first_number': 'bigint', 'first_line': 'bigint', 'reason': 'varchar'}},
        delim = ',',
        quote = '"',
        escape = '"',
        comment = '',
        header = false,
        new_line = '\n',
        skip = 0,
        nullstr = '',
        compression = 'none',
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
    )
)

select
    $dataset,
    $source_file,
    stretches.first_line + texts.rejected_number - stretches.first_number,
    stretches.reason,
    texts.line_text,
    $loaded_at
from texts
{join}
