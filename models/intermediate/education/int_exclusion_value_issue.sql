with exclusions as (
    select * from {{ ref('stg_exclusion') }}
),

slots as (
    select * from {{ ref('stg_exclusion_slot') }}
),

-- Every exclusion with its own start and sessions, from either layout.
single as (
    select
        _source_file,
        _source_row,
        academic_year,
        academic_year_start,
        start_date,
        sessions
    from exclusions
    union all
    select
        _source_file,
        _source_row,
        academic_year,
        academic_year_start,
        start_date,
        sessions
    from slots
),

read as (
    {{ issues_of_columns('exclusions', 'academic_year', checked_columns('exclusion')) }}
    union all
    {{ issues_of_columns('slots', 'academic_year', ['start_date', 'sessions']) }}
),

contradictions as (
    select
        _source_file,
        _source_row,
        academic_year,
        'start_date' as column_name,
        'outside the school year of the row' as issue
    from single
    where {{ school_year_start_of('start_date') }} <> academic_year_start
    union all
    select
        _source_file,
        _source_row,
        academic_year,
        'sessions' as column_name,
        'more than the legal maximum of a year' as issue
    from single
    where sessions > 90
    union all
    select
        _source_file,
        _source_row,
        academic_year,
        'total_fixed_sessions' as column_name,
        'more than the legal maximum of a year' as issue
    from exclusions
    where total_fixed_sessions > 90
),

-- Several exclusions of one row can have the same issue. It counts once for the row.
final as (
    select distinct * from read
    union
    select * from contradictions
)

select * from final
