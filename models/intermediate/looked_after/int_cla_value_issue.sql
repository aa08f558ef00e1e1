with cla as (
    select * from {{ ref('stg_cla') }}
),

read as (
    {{ issues_of_columns('cla', 'academic_year', checked_columns('cla')) }}
),

-- An end that cannot be read is not blank.
contradictions as (
    {%- for column, issue, condition in [
        (
            'processing_year', 'differs from the academic year',
            'processing_year <> academic_year_end',
        ),
        (
            'academic_year_start', 'blank, so that the row is in no year',
            'reporting_year is null and academic_year_start_issue is null'
            ~ ' and processing_year_issue is null',
        ),
        (
            'episode_start_date', 'after the end of the reporting year',
            'episode_start_date > ' ~ reporting_year_end('reporting_year'),
        ),
        (
            'episode_end_date', 'before the start of the reporting year',
            'episode_end_date < ' ~ reporting_year_start('reporting_year'),
        ),
        (
            'episode_end_date', 'before the start of the episode',
            'episode_end_date < episode_start_date',
        ),
        (
            'episode_end_date', 'blank although a reason for the end is given',
            "reason_episode_ceased_code <> '-10' and episode_end_date is null"
            ~ ' and episode_end_date_issue is null',
        ),
        (
            'period_of_care_start_date', 'after the start of the episode',
            'period_of_care_start_date > episode_start_date',
        ),
    ] %}
    select
        _source_file,
        _source_row,
        academic_year,
        '{{ column }}' as column_name,
        '{{ issue }}' as issue
    from cla
    where {{ condition }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

final as (
    select * from read
    union all
    select * from contradictions
)

select * from final
