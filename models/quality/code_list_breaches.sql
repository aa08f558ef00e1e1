with code_usage as (
    {% for dataset, column, lookup in coded_columns() %}
    select
        '{{ dataset }}' as dataset,
        '{{ column }}' as column_name,
        '{{ lookup }}' as lookup,
        {{ column }} as code,
        {{ yearly('academic_year_end', 'integer', dataset) }} as reporting_year,
        count(*) as n_rows
    from {{ ref('stg_' ~ dataset) }}
    where {{ column }} is not null
    group by all
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

listed as (
    {% for lookup in coded_columns() | map(attribute=2) | unique %}
    select
        '{{ lookup }}' as lookup,
        code,
        valid_from,
        valid_to
    from {{ ref(lookup) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

judged as (
    select
        code_usage.*,
        case
            when listed.code is null then 'not in the code list'
            when
                listed.valid_from
                > {{ reporting_year_end('code_usage.reporting_year') }}
                then 'used before it was in force'
            when
                listed.valid_to
                <= {{ reporting_year_end('code_usage.reporting_year - 1') }}
                then 'used after it was withdrawn'
        end as breach
    from code_usage
    left join listed
        on code_usage.lookup = listed.lookup and code_usage.code = listed.code
),

final as (
    select
        dataset,
        column_name,
        code,
        {{ academic_year_label('reporting_year - 1') }} as academic_year,
        breach,
        lookup,
        n_rows
    from judged
    where breach is not null
)

select * from final
