with episodes as (
    select * from {{ ref('int_cla_episode') }}
),

record_rows as (
    select * from {{ ref('int_cla_record_row') }}
),

flags as (
    select
        *,
        {{ reporting_year_named('academic_year') }} as reporting_year
    from {{ ref('int_cla_person_year') }}
),

-- The flag is about the child, so it is compared with all rows of a year together. Some
-- authorities leave it out for short breaks.
child_years as (
    select
        sightings.pupil_id,
        sightings.reporting_year,
        min(sightings.episode_start_date) as episode_start_date,
        bool_or(flags.is_looked_after_31_march) as is_flagged,
        bool_or(sightings.is_open_31_march) as is_open,
        bool_or(
            sightings.is_open_31_march
            and not {{ is_short_break('sightings.legal_status_code') }}
        ) as is_open_beyond_short_breaks
    from {{ ref('int_cla_sighting') }} as sightings
    inner join flags
        on
            sightings.pupil_id = flags.pupil_id
            and sightings.reporting_year = flags.reporting_year
    where sightings.exclusion_reason is null
    group by sightings.pupil_id, sightings.reporting_year
),

births as (
    select
        pupil_id,
        year_of_birth,
        coalesce(month_of_birth, 12) as month_of_birth
    from {{ ref('int_pupil') }}
    where year_of_birth is not null
),

-- Only the month of birth is delivered, so the age is that at the end of the month
-- before, which had been reached for certain.
aged as (
    select
        episodes.pupil_id,
        episodes.episode_start_date,
        episodes.last_seen_year,
        {{ age_in(
            'extract(year from episodes.episode_start_date)',
            'extract(month from episodes.episode_start_date) - 1',
            'births'
        ) }} as age_at_start,
        {{ age_in(
            'extract(year from episodes.episode_end_date)',
            'extract(month from episodes.episode_end_date) - 1',
            'births'
        ) }} as age_at_end
    from episodes
    inner join births on episodes.pupil_id = births.pupil_id
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
            'aged', 'episode_start_date', 'after the 18th birthday',
            'last_seen_year', 'age_at_start >= 18',
        ),
        (
            'aged', 'episode_end_date', 'open or ended at age 19 or older',
            'last_seen_year', 'age_at_end >= 19',
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
        (
            'child_years', 'is_looked_after_31_march', 'no although an episode was open then',
            'reporting_year', 'not is_flagged and is_open_beyond_short_breaks',
        ),
        (
            'child_years', 'is_looked_after_31_march', 'yes although every episode had ended by then',
            'reporting_year', 'is_flagged and not is_open',
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
