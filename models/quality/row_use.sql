with sighted as (
    select
        'cla' as dataset,
        'staging to episode' as step,
        _source_file as source_file,
        coalesce(exclusion_reason, 'row of an episode') as outcome,
        exclusion_reason is null as is_kept
    from {{ ref('int_cla_sighting') }}
),

results as (
    select
        'ks4' as dataset,
        'staging to result' as step,
        _source_file as source_file,
        coalesce(exclusion_reason, 'row of a result') as outcome,
        exclusion_reason is null as is_kept
    from {{ ref('int_ks4_row') }}
),

offences as (
    select
        'offence' as dataset,
        'staging to offence' as step,
        _source_file as source_file,
        coalesce(reason_excluded, 'row of an offence') as outcome,
        reason_excluded is null as is_kept
    from {{ ref('int_offence_row') }}
),

kept as (
    select
        'absence' as dataset,
        'staging to school year' as step,
        _source_file as source_file,
        'row of a school year' as outcome,
        true as is_kept
    from {{ ref('int_absence_row') }}
    union all
    select
        'census' as dataset,
        'staging to school year' as step,
        _source_file as source_file,
        'row of a school year' as outcome,
        true as is_kept
    from {{ ref('int_census_record') }}
),

excluded as (
    {% for dataset, model in [
        ('absence', 'int_absence_row'), ('census', 'int_census_record')
    ] %}
    select
        '{{ dataset }}' as dataset,
        'staging to school year' as step,
        staged._source_file as source_file,
        case
            when staged.pupil_id is null then 'no pupil reference'
            when staged.academic_year is null then 'no school year'
            else 'another row of the pupil and year is used'
        end as outcome,
        false as is_kept
    from {{ ref('stg_' ~ dataset) }} as staged
    left join {{ ref(model) }} as used
        on
            staged._source_file = used._source_file
            and staged._source_row = used._source_row
    where used._source_row is null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

rows_of_use as (
    {% for part in ['sighted', 'results', 'offences', 'kept', 'excluded'] %}
    select * from {{ part }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

final as (
    select
        dataset,
        source_file,
        step,
        outcome,
        is_kept,
        count(*) as n_rows
    from rows_of_use
    group by dataset, source_file, step, outcome, is_kept
)

select * from final
