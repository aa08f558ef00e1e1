with availability as (
    select * from {{ ref('column_availability') }}
),

counted as (
    {% for dataset in yearly_datasets() %}
    select
        '{{ dataset }}' as dataset,
        academic_year,
        academic_year_end,
        column_name,
        n_rows,
        n_filled
    from {{ filled_counts(
        ref('stg_' ~ dataset),
        staged_columns(dataset),
        by=['academic_year', 'academic_year_end'],
    ) }} as counted
    where academic_year is not null
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- A column can be filled in several runs of years, each a row of the dictionary. A
-- column of which the dictionary says nothing has no row and no expectation.
judged as (
    select
        counted.dataset,
        counted.column_name,
        counted.academic_year,
        counted.n_rows,
        counted.n_filled,
        bool_or(
            counted.academic_year_end >= availability.first_year
            and counted.academic_year_end <= coalesce(availability.last_year, 9999)
        ) as is_collected,
        bool_or(
            counted.academic_year_end >= availability.first_year
            and counted.academic_year_end <= coalesce(availability.last_year, 9999)
            and availability.is_expected
        ) as is_expected
    from counted
    inner join availability
        on
            counted.dataset = availability.dataset
            and counted.column_name = availability.column_name
    group by
        counted.dataset,
        counted.column_name,
        counted.academic_year,
        counted.n_rows,
        counted.n_filled
),

final as (
    select
        dataset,
        column_name,
        academic_year,
        n_rows,
        n_filled,
        cast(n_filled as double) / n_rows as share_filled,
        is_expected,
        case
            when is_expected and n_filled = 0 then 'empty although expected'
            when not is_collected and n_filled > 0 then 'filled although not collected'
        end as finding
    from judged
)

select * from final
