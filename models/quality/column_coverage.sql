with availability as (
    select * from {{ ref('column_availability') }}
),

{% for dataset in yearly_datasets() %}
{{ dataset }}_years as (
    select
        academic_year,
        academic_year_end as reporting_year,
        {% for column in dictionary_columns()[dataset] %}
        count({{ column }}) as {{ column }},
        {% endfor %}
        count(*) as n_rows
    from {{ ref('stg_' ~ dataset) }}
    where academic_year is not null
    group by academic_year, academic_year_end
),

{% endfor -%}

counted as (
    {% for dataset in yearly_datasets() %}
    {% set last_dataset = loop.last %}
    {% for column in dictionary_columns()[dataset] %}
    select
        '{{ dataset }}' as dataset,
        '{{ column }}' as column_name,
        academic_year,
        reporting_year,
        n_rows,
        {{ column }} as n_filled
    from {{ dataset }}_years
    {% if not (last_dataset and loop.last) %}union all{% endif %}
    {% endfor %}
    {% endfor %}
),

-- A column can be filled in several runs of years, each a row of the dictionary.
expected as (
    select
        counted.dataset,
        counted.column_name,
        counted.academic_year,
        count(availability.dataset) > 0 as is_expected
    from counted
    left join availability
        on
            counted.dataset = availability.dataset
            and counted.column_name = availability.column_name
            and counted.reporting_year >= availability.first_year
            and counted.reporting_year <= coalesce(availability.last_year, 9999)
    group by counted.dataset, counted.column_name, counted.academic_year
),

final as (
    select
        counted.dataset,
        counted.column_name,
        counted.academic_year,
        counted.n_rows,
        counted.n_filled,
        cast(counted.n_filled as double) / counted.n_rows as share_filled,
        expected.is_expected,
        case
            when expected.is_expected and counted.n_filled = 0
                then 'empty although expected'
            when not expected.is_expected and counted.n_filled > 0
                then 'filled although not collected'
        end as finding
    from counted
    inner join expected
        on
            counted.dataset = expected.dataset
            and counted.column_name = expected.column_name
            and counted.academic_year = expected.academic_year
)

select * from final
