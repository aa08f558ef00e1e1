with cla as (
    select * from {{ ref('stg_cla') }}
),

read as (
    {{ issues_of_columns('cla', 'academic_year', checked_columns('cla')) }}
),

contradictions as (
    select
        _source_file,
        _source_row,
        academic_year,
        'processing_year' as column_name,
        'differs from the academic year' as issue
    from cla
    where processing_year <> academic_year_end
    union all
    select
        _source_file,
        _source_row,
        academic_year,
        'academic_year_start' as column_name,
        'blank, so that the row is in no year' as issue
    from cla
    where
        reporting_year is null
        and academic_year_start_issue is null
        and processing_year_issue is null
    union all
    select
        _source_file,
        _source_row,
        academic_year,
        'episode_start_date' as column_name,
        'after the end of the reporting year' as issue
    from cla
    where episode_start_date > {{ reporting_year_end('reporting_year') }}
    union all
    select
        _source_file,
        _source_row,
        academic_year,
        'episode_end_date' as column_name,
        'before the start of the episode' as issue
    from cla
    where episode_end_date < episode_start_date
    union all
    -- An end that cannot be read is not blank.
    select
        _source_file,
        _source_row,
        academic_year,
        'episode_end_date' as column_name,
        'blank although a reason for the end is given' as issue
    from cla
    where
        reason_episode_ceased_code <> '-10'
        and episode_end_date is null
        and episode_end_date_issue is null
    union all
    select
        _source_file,
        _source_row,
        academic_year,
        'period_of_care_start_date' as column_name,
        'after the start of the episode' as issue
    from cla
    where period_of_care_start_date > episode_start_date
),

final as (
    select * from read
    union all
    select * from contradictions
)

select * from final
