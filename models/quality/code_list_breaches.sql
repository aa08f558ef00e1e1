with code_usage as (
    {% for dataset, column, lookup in coded_columns() %}
    select
        '{{ dataset }}' as dataset,
        '{{ column }}' as column_name,
        '{{ lookup }}' as lookup,
        {{ column }} as code,
        {{ yearly('academic_year_end', 'integer', dataset) }} as last_year,
        {{ last_month_of_year(dataset) }} as last_month,
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
        cast(null as string) as dataset,
        '{{ lookup }}' as lookup,
        code,
        valid_from,
        valid_to
    from {{ ref(lookup) }}
    union all
    {% endfor %}
    {% for dataset, lookup, spelling in other_spellings() %}
    select distinct
        '{{ dataset }}' as dataset,
        '{{ lookup }}' as lookup,
        {{ spelling }} as code,
        cast(null as date) as valid_from,
        cast(null as date) as valid_to
    from {{ ref(lookup) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- A reporting year ends on 31 March, a school year on 31 August.
dated as (
    select
        *,
        make_date(last_year, last_month, 31) as last_day,
        make_date(last_year - 1, last_month, 31) as last_day_before
    from code_usage
),

judged as (
    select
        dated.*,
        case
            when listed.code is null then 'not in the code list'
            when listed.valid_from > dated.last_day
                then 'used before it was in force'
            when listed.valid_to <= dated.last_day_before
                then 'used after it was withdrawn'
        end as breach
    from dated
    left join listed
        on
            dated.lookup = listed.lookup
            and dated.code = listed.code
            and dated.dataset = coalesce(listed.dataset, dated.dataset)
),

final as (
    select
        dataset,
        column_name,
        code,
        {{ academic_year_label('last_year - 1') }} as academic_year,
        breach,
        lookup,
        n_rows
    from judged
    where breach is not null
)

select * from final
