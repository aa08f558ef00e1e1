with absence as (
    select * from {{ ref('stg_absence') }}
),

read as (
    {{ issues_of_columns('absence', 'academic_year', checked_columns('absence')) }}
),

-- By definition a total is the sum of its terms and of the annual return.
summed as (
    select
        {%- for measure, _ in absence_measures() %}
        {{ absence_sum(measure, absence_parts(5)) }} as {{ measure }}_of_5_half_terms,
        {{ absence_sum(measure, absence_parts(6)) }} as {{ measure }}_of_6_half_terms,
        {%- endfor %}
        *
    from absence
),

-- The possible sessions of a year are never delivered as more than 420.
totals as (
    {%- for measure, _ in absence_measures() %}
    {%- set most = '420' if measure == 'possible' else '9999' %}
    {%- for total, n in [('3_terms', 5), ('5_half_terms', 5), ('6_half_terms', 6)] %}
    {%- set column = 'sessions_' ~ measure ~ '_' ~ total %}
    select
        _source_file,
        _source_row,
        academic_year,
        '{{ column }}' as column_name,
        'differs from the sum of its terms' as issue
    from summed
    where
        {{ measure }}_of_{{ n }}_half_terms is not null
        and {{ column }} <> least({{ measure }}_of_{{ n }}_half_terms, {{ most }})
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

-- Nobody misses more sessions than are possible.
contradictions as (
    {%- for column, _, _ in absence_session_columns() if '_unauthorised_' in column %}
    {%- set possible = column | replace('_unauthorised_', '_possible_') %}
    {%- set authorised = column | replace('_unauthorised_', '_authorised_') %}
    select
        _source_file,
        _source_row,
        academic_year,
        '{{ column }}' as column_name,
        case
            when {{ column }} > coalesce({{ possible }}, 0)
                then 'more than the sessions possible'
            else 'with authorised absence more than the sessions possible'
        end as issue
    from absence
    where coalesce({{ authorised }}, 0) + {{ column }} > coalesce({{ possible }}, 0)
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

final as (
    select * from read
    union all
    select * from totals
    union all
    select * from contradictions
)

select * from final
