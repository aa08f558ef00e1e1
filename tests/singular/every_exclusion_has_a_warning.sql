-- Every excluded row, every issue of a value and every breach of a code list appears in
-- quality.warning with its number. Rows without a pupil reference are excluded on the
-- way to persons and in the step after it, but appear once. Returns one row per table
-- whose numbers differ.
with expected as (
    select
        'quality.row_accounting' as source_table,
        sum(n_rows) as n_rows
    from {{ ref('row_accounting') }}
    where
        not is_kept
        and not (step <> 'staging to person' and outcome = 'no pupil reference')
    union all
    select
        'quality.value_issues' as source_table,
        sum(n_rows) as n_rows
    from {{ ref('value_issues') }}
    union all
    select
        'quality.code_list_breaches' as source_table,
        sum(n_rows) as n_rows
    from {{ ref('code_list_breaches') }}
),

warned as (
    select
        source_table,
        sum(n_rows) as n_rows
    from {{ ref('warning') }}
    where code <> 'header_only'
    group by source_table
)

select expected.source_table
from expected
left join warned on expected.source_table = warned.source_table
where coalesce(expected.n_rows, 0) <> coalesce(warned.n_rows, 0)
