with loaded as (
    {% for dataset in datasets() %}
    select
        '{{ dataset }}' as dataset,
        _source_file as source_file,
        'file to raw' as step,
        'loaded' as outcome,
        true as is_kept,
        count(*) as n_rows
    from {{ source('raw', dataset) }}
    group by _source_file
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

rejected as (
    select
        dataset,
        _source_file as source_file,
        'file to raw' as step,
        reason as outcome,
        false as is_kept,
        count(*) as n_rows
    from {{ source('raw', 'rejected_lines') }}
    group by dataset, _source_file, reason
),

-- Staging is counted once for both of its steps.
staging as (
    {% for dataset in datasets() %}
    select
        '{{ dataset }}' as dataset,
        _source_file as source_file,
        pupil_id is not null as has_pupil,
        count(*) as n_rows
    from {{ ref('stg_' ~ dataset) }}
    group by _source_file, pupil_id is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

staged as (
    select
        dataset,
        source_file,
        'raw to staging' as step,
        'staged' as outcome,
        true as is_kept,
        sum(n_rows) as n_rows
    from staging
    group by dataset, source_file
),

linked as (
    select
        dataset,
        source_file,
        'staging to person' as step,
        case
            when has_pupil then 'linked to a person'
            else 'no pupil reference'
        end as outcome,
        has_pupil as is_kept,
        n_rows
    from staging
),

sighted as (
    select
        'cla' as dataset,
        _source_file as source_file,
        'staging to episode' as step,
        coalesce(exclusion_reason, 'row of an episode') as outcome,
        exclusion_reason is null as is_kept,
        count(*) as n_rows
    from {{ ref('int_cla_sighting') }}
    group by _source_file, exclusion_reason
),

outcomes as (
    select * from loaded
    union all
    select * from rejected
    union all
    select * from staged
    union all
    select * from linked
    union all
    select * from sighted
),

final as (
    select
        dataset,
        source_file,
        step,
        outcome,
        is_kept,
        cast(n_rows as bigint) as n_rows
    from outcomes
)

select * from final
