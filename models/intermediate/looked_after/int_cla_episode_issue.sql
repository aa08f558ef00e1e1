with episodes as (
    select * from {{ ref('int_cla_episode') }}
),

record_rows as (
    select * from {{ ref('int_cla_record_row') }}
),

stays as (
    select
        periods.*,
        placement_stays.is_overlapped,
        placement_stays.is_end_from_next_start,
        episodes.last_seen_year
    from {{ ref('int_cla_episode_period') }} as periods
    inner join episodes on periods.care_episode_id = episodes.care_episode_id
    inner join {{ ref('int_cla_placement_stay') }} as placement_stays
        on periods.care_episode_id = placement_stays.care_episode_id
),

issues as (
    {% for relation, column, issue, year, condition in [
        (
            'episodes', 'placement_code', 'differs between the yearly rows of one episode',
            'last_seen_year', 'is_placement_code_disputed',
        ),
        (
            'episodes', 'legal_status_code', 'differs between the yearly rows of one episode',
            'last_seen_year', 'is_legal_status_code_disputed',
        ),
        (
            'episodes', 'category_of_need_code', 'differs between the yearly rows of one episode',
            'last_seen_year', 'is_category_of_need_code_disputed',
        ),
        (
            'episodes', 'episode_start_date', 'corrected in a later year',
            'last_seen_year', 'is_start_corrected',
        ),
        (
            'episodes', 'episode_start_date', 'before birth or too long before the last day in care',
            'last_seen_year', 'is_start_too_early',
        ),
        (
            'record_rows', 'episode_start_date', 'another record of the same start and year is used',
            'reporting_year', 'not is_used',
        ),
        (
            'stays', 'period_of_care_start_date', 'before an exit from care',
            'last_seen_year', 'is_period_start_before_exit',
        ),
        (
            'stays', 'period_of_care_start_date',
            'before birth or too long before the last day in care',
            'last_seen_year', 'is_period_start_too_early',
        ),
        (
            'stays', 'episode_end_date', 'after the start of another episode of the child',
            'last_seen_year', 'is_overlapped',
        ),
        (
            'stays', 'episode_end_date', 'blank although another episode of the period follows',
            'last_seen_year', 'is_end_from_next_start',
        ),
    ] %}
    select
        '{{ column }}' as column_name,
        '{{ issue }}' as issue,
        pupil_id,
        episode_start_date,
        {{ year }} as reporting_year
    from {{ relation }}
    where {{ condition }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

final as (
    select
        column_name,
        issue,
        pupil_id,
        episode_start_date,
        {{ academic_year_label('reporting_year - 1') }} as academic_year
    from issues
)

select * from final
