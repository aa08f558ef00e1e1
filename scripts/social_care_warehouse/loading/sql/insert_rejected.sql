-- The rejected lines of a file are in its order. The file of stretches has, for the first of each
-- stretch of neighbouring lines with one reason, its line in the file and the reason.
insert into new_warehouse.raw.rejected_lines
with texts as (
    select
        line_text,
        row_number() over () as rejected_number
    from {texts}
),

stretches as (
    select
        first_number,
        first_line - first_number as lines_before,
        reason
    from {stretches}
)

select
    $dataset,
    $source_file,
    texts.rejected_number + {lines_before},
    {reason},
    1,
    texts.line_text,
    $loaded_at
from texts
{join}
