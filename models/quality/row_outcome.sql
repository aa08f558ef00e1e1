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
        cast(sum(n_lines) as bigint) as n_rows
    from {{ source('raw', 'rejected_lines') }}
    group by dataset, _source_file, reason
),

-- Staging is counted once for both of its steps.
staging as (
    {% for dataset in datasets() if dataset != 'offence' %}
    select
        '{{ dataset }}' as dataset,
        _source_file as source_file,
        case
            when pupil_id is not null then 'linked to a person'
            else 'no pupil reference'
        end as outcome,
        count(*) as n_rows
    from {{ ref('stg_' ~ dataset) }}
    group by _source_file, pupil_id is not null
    union all
    {% endfor %}
    -- The police may know only the MoJ identifier, which other rows of the person have.
    select
        'offence' as dataset,
        _source_file as source_file,
        case link_type
            when 'pupil reference' then 'linked to a person'
            when 'moj_uid' then 'linked by the MoJ identifier'
            else 'no pupil reference'
        end as outcome,
        count(*) as n_rows
    from {{ ref('int_offence_row') }}
    group by _source_file, link_type
),

final as (
    select * from loaded
    union all
    select * from rejected
    union all
    select
        dataset,
        source_file,
        'raw to staging' as step,
        'staged' as outcome,
        true as is_kept,
        cast(sum(n_rows) as bigint) as n_rows
    from staging
    group by dataset, source_file
    union all
    select
        dataset,
        source_file,
        'staging to person' as step,
        outcome,
        outcome <> 'no pupil reference' as is_kept,
        n_rows
    from staging
    union all
    select
        dataset,
        source_file,
        step,
        outcome,
        is_kept,
        n_rows
    from {{ ref('row_use') }}
)

select * from final
