with cla as (
    select * from {{ ref('stg_cla') }}
),

episodes as (
    select * from {{ ref('int_cla_episode') }}
),

periods as (
    select * from {{ ref('int_cla_period_of_care') }}
),

-- Any row makes a child looked after, also one whose dates cannot be read.
persons as (
    select
        pupil_id,
        cast(count(*) as integer) as n_cla_rows,
        min(academic_year) as first_academic_year,
        max(academic_year) as last_academic_year,
        bool_and(coalesce(legal_status_code in ('V3', 'V4'), false))
            as is_short_breaks_only
    from cla
    where pupil_id is not null
    group by pupil_id
),

episode_summary as (
    select
        pupil_id,
        min(episode_start_date) as first_cla_date,
        max(episode_end_date) as last_cla_date,
        cast(count(*) as integer) as n_care_episodes,
        cast(count(distinct placement_code) as integer) as n_placement_types
    from episodes
    group by pupil_id
),

period_summary as (
    select
        pupil_id,
        cast(count(*) as integer) as n_periods_of_care,
        cast(sum(period_days) as integer) as care_days_observed
    from periods
    group by pupil_id
),

final as (
    select
        persons.pupil_id,
        persons.n_cla_rows,
        persons.first_academic_year,
        persons.last_academic_year,
        episode_summary.first_cla_date,
        episode_summary.last_cla_date,
        coalesce(episode_summary.n_care_episodes, 0) as n_care_episodes,
        coalesce(episode_summary.n_placement_types, 0) as n_placement_types,
        persons.is_short_breaks_only,
        coalesce(period_summary.n_periods_of_care, 0) as n_periods_of_care,
        coalesce(period_summary.care_days_observed, 0) as care_days_observed
    from persons
    left join episode_summary on persons.pupil_id = episode_summary.pupil_id
    left join period_summary on persons.pupil_id = period_summary.pupil_id
)

select * from final
