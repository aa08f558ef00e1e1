with sightings as (
    select * from {{ ref('int_cla_sighting') }}
    where exclusion_reason is null and reporting_year is not null
),

-- Copies of one episode have the same start and end.
episodes as (
    select
        pupil_id,
        reporting_year,
        episode_start_date
    from sightings
    group by
        pupil_id,
        reporting_year,
        episode_start_date,
        is_open_31_march,
        case when not is_open_31_march then recorded_end_date end
),

child_years as (
    select
        pupil_id,
        reporting_year,
        count(*) as n_episodes
    from episodes
    group by pupil_id, reporting_year
),

counted as (
    select
        min(reporting_year) as first_reporting_year,
        max(reporting_year) as last_reporting_year,
        cast(count(*) as integer) as n_child_years,
        cast(count(*) filter (where n_episodes > 1) as integer)
            as n_child_years_of_several
    from child_years
),

-- The release with the latest episode shows one a year, except for a few children whom
-- two authorities report. In the other, about every second child-year has several. One
-- in twenty lies far from both. The variable overrides what the data show.
decided as (
    select
        *,
        case
            when '{{ var("cla_release") }}' <> 'auto'
                then '{{ var("cla_release") }}'
            when n_child_years_of_several * 20 > n_child_years then 'all-episodes'
            else 'latest-episode'
        end as cla_release
    from counted
),

final as (
    select
        cla_release,
        cla_release = 'all-episodes' as is_every_episode_shown,
        {{ reporting_year_start('first_reporting_year') }} as first_covered_date,
        {{ reporting_year_end('last_reporting_year') }} as last_covered_date,
        n_child_years,
        n_child_years_of_several
    from decided
)

select * from final
