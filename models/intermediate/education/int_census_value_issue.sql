{%- set checked_columns = [
    'pupil_id',
    'moj_uid',
    'academic_year_start',
    'record_status',
    'census_date',
    'is_on_roll',
    'year_of_birth',
    'month_of_birth',
    'age_at_start_of_year',
    'is_free_meals',
    'is_free_meals_6_years',
    'is_free_meals_6_years_premium',
    'is_ever_free_meals',
    'deprivation_score',
    'deprivation_rank',
    'deprivation_decile',
] -%}
with census as (
    select * from {{ ref('stg_census') }}
),

read as (
    {{ issues_of_columns('census', 'academic_year', checked_columns) }}
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
