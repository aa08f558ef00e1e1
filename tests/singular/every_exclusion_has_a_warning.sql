-- Nothing is left out in silence: each kind of row that the accounts set aside, each
-- issue and each breach of a code list has a sentence in quality.warning with the same
-- number. A row without a pupil is set aside twice, on the way to persons and to
-- episodes, and is said once.
with expected as (
    select
        'row_accounting' as source_table,
        sum(n_rows) as n_rows
    from {{ ref('row_accounting') }}
    where
        not is_kept
        and not (step = 'staging to episode' and outcome = 'no pupil reference')
    union all
    select
        'value_issues' as source_table,
        sum(n_rows) as n_rows
    from {{ ref('value_issues') }}
    union all
    select
        'code_list_breaches' as source_table,
        sum(n_rows) as n_rows
    from {{ ref('code_list_breaches') }}
),

said as (
    select
        source_table,
        sum(n_rows) as n_rows
    from {{ ref('warning') }}
    group by source_table
)

select expected.source_table
from expected
left join said on expected.source_table = said.source_table
where coalesce(expected.n_rows, 0) <> coalesce(said.n_rows, 0)
