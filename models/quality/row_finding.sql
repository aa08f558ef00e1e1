with accounts as (
    select
        dataset,
        step,
        outcome,
        sum(n_rows) as n_rows,
        count(*) as n_files
    from {{ ref('row_accounting') }}
    where not coalesce(is_kept, false)
    group by dataset, step, outcome
),

-- A row without a pupil reference is excluded from persons and from episodes, but is
-- one finding. A file without rows has an account in every step.
exclusions as (
    select
        case
            when outcome = 'no rows' then 'header_only'
            when step = 'file to raw' then 'line_rejected'
            when outcome = 'no pupil reference' and dataset = 'offence'
                then 'offence_without_person'
            when outcome = 'no pupil reference' then 'row_without_pupil'
            when outcome = 'no episode start date' then 'row_without_start_date'
            when outcome like 'another row %' then 'row_not_used'
            when outcome like 'not at the end %' then 'row_not_used'
            when outcome = 'under 10' or outcome like '%finding of guilt%'
                then 'row_not_used'
            else 'row_excluded'
        end as code,
        dataset,
        outcome as detail,
        case when outcome = 'no rows' then n_files else n_rows end as n
    from accounts
    where
        not (step <> 'staging to person' and outcome = 'no pupil reference')
        and not (step <> 'file to raw' and outcome = 'no rows')
),

final as (
    select
        code,
        dataset,
        detail,
        cast(n as bigint) as n
    from exclusions
    where n > 0
)

select * from final
