with loaded as (
    {% for dataset in datasets() %}
    select
        '{{ dataset }}' as dataset,
        _source_file as source_file,
        'file to raw' as step,
        'loaded' as outcome,
        true as is_kept
    from {{ source('raw', dataset) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

rejected as (
    select
        dataset,
        _source_file as source_file,
        'file to raw' as step,
        reason as outcome,
        false as is_kept
    from {{ source('raw', 'rejected_lines') }}
),

staged as (
    {% for dataset in datasets() %}
    select
        '{{ dataset }}' as dataset,
        _source_file as source_file,
        'raw to staging' as step,
        'staged' as outcome,
        true as is_kept
    from {{ ref('stg_' ~ dataset) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

linked as (
    {% for dataset in datasets() %}
    select
        '{{ dataset }}' as dataset,
        _source_file as source_file,
        'staging to person' as step,
        case
            when pupil_id is null then 'no pupil reference'
            else 'linked to a person'
        end as outcome,
        pupil_id is not null as is_kept
    from {{ ref('stg_' ~ dataset) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

sighted as (
    select
        'cla' as dataset,
        _source_file as source_file,
        'staging to episode' as step,
        coalesce(exclusion_reason, 'row of an episode') as outcome,
        exclusion_reason is null as is_kept
    from {{ ref('int_cla_sighting') }}
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
        count(*) as n_rows
    from outcomes
    group by dataset, source_file, step, outcome, is_kept
)

select * from final
