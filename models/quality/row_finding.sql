{#- Findings that count rows of a mart: code, model, condition. -#}
{%- set counted_rows = [
    (
        'unreadable_31_march_flag',
        'person_highest_intervention',
        'in_cin and is_child_in_need is null',
    ),
    ('in_care_before_birth', 'person_care_history', 'age_first_entry < 0'),
    ('end_before_start', 'care_episode', 'is_end_before_start'),
    ('period_length_disputed', 'period_of_care', 'is_length_disputed'),
    ('several_moj_uids', 'person_highest_intervention', 'has_conflicting_moj_uid'),
] -%}
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

-- A row without a pupil reference is excluded on the way to persons and on the way to
-- episodes, but is one finding. A file without rows has an account in every step.
exclusions as (
    select
        case
            when outcome = 'no rows' then 'header_only'
            when step = 'file to raw' then 'line_rejected'
            when outcome = 'no pupil reference' then 'row_without_pupil'
            when outcome = 'no episode start date' then 'row_without_start_date'
            when outcome like 'another row %' then 'row_not_used'
            when outcome = 'not at the end of key stage 4' then 'row_not_used'
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

releases as (
    select * from {{ ref('int_cla_release') }}
),

found as (
    select
        code,
        dataset,
        detail,
        n,
        cast(null as bigint) as n_total
    from exclusions
    union all
    {% for code, model, condition in counted_rows %}
    select
        '{{ code }}' as code,
        cast(null as string) as dataset,
        cast(null as string) as detail,
        count(*) filter (where {{ condition }}) as n,
        count(*) as n_total
    from {{ ref(model) }}
    union all
    {% endfor %}
    -- Where every episode is shown, several rows of a child in a year are no surprise.
    select
        'second_row_in_year' as code,
        cast(null as string) as dataset,
        cast(null as string) as detail,
        count(*) filter (where person_years.n_cla_rows > 1) as n,
        count(*) as n_total
    from {{ ref('int_cla_person_year') }} as person_years
    cross join releases
    where not releases.is_every_episode_shown
),

final as (
    select
        code,
        dataset,
        detail,
        cast(n as bigint) as n,
        n_total
    from found
    where n > 0
)

select * from final
