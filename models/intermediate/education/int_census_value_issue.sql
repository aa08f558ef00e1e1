with census as (
    select * from {{ ref('stg_census') }}
),

read as (
    {{ issues_of_columns('census', 'academic_year', checked_columns('census')) }}
),

contradictions as (
    select
        _source_file,
        _source_row,
        academic_year,
        'census_date' as column_name,
        'outside the school year' as issue
    from census
    where
        census_date < make_date(academic_year_start, 9, 1)
        or census_date > make_date(academic_year_end, 8, 31)
),

final as (
    select * from read
    union all
    select * from contradictions
)

select * from final
