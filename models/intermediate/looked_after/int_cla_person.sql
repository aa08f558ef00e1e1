with cla as (
    select * from {{ ref('stg_cla') }}
),

episodes as (
    select * from {{ ref('int_cla_episode') }}
),

periods as (
    select * from {{ ref('int_cla_period_of_care') }}
),

placements as (
    select
        code,
        published_group,
        foster_carer_type
    from {{ ref('placement') }}
),

-- Any row makes a child looked after, even one with unreadable dates. The status of a
-- row in an episode is that of the episode, where a blank does not replace a code.
persons as (
    select
        pupil_id,
        cast(count(*) as integer) as n_cla_rows,
        {{ academic_year_label('min(reporting_year) - 1') }} as first_academic_year,
        {{ academic_year_label('max(reporting_year) - 1') }} as last_academic_year,
        bool_and({{ is_short_break('legal_status_code') }}) filter (
            where episode_start_date is null
        ) as has_undated_short_breaks_only
    from cla
    where pupil_id is not null
    group by pupil_id
),

-- An episode that ends before it starts was seen on its first day, and shows nothing
-- about later days. So the last contact never precedes the first.
episode_summary as (
    select
        episodes.pupil_id,
        min(episodes.episode_start_date) as first_cla_date,
        max(
            case
                when episodes.is_end_before_start then episodes.episode_start_date
                else episodes.episode_end_date
            end
        ) as last_cla_date,
        bool_and(episodes.is_short_break) as is_short_breaks_only,
        cast(count(*) as integer) as n_care_episodes,
        cast(count(distinct episodes.placement_code) as integer) as n_placement_types,
        cast(
            count(distinct {{ placement_group(
                'placements.published_group', 'placements.foster_carer_type'
            ) }}) as integer
        ) as n_placement_groups
    from episodes
    left join placements on episodes.placement_code = placements.code
    group by episodes.pupil_id
),

period_summary as (
    select
        pupil_id,
        cast(count(*) as integer) as n_periods_of_care,
        cast(sum(period_days) as integer) as care_days_observed,
        cast(sum(case when is_short_break then 0 else period_days end) as integer)
            as care_days_not_short_break
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
        coalesce(episode_summary.n_placement_groups, 0) as n_placement_groups,
        coalesce(episode_summary.is_short_breaks_only, true)
        and coalesce(persons.has_undated_short_breaks_only, true)
            as is_short_breaks_only,
        coalesce(period_summary.n_periods_of_care, 0) as n_periods_of_care,
        coalesce(period_summary.care_days_observed, 0) as care_days_observed,
        coalesce(period_summary.care_days_not_short_break, 0)
            as care_days_not_short_break
    from persons
    left join episode_summary on persons.pupil_id = episode_summary.pupil_id
    left join period_summary on persons.pupil_id = period_summary.pupil_id
)

select * from final
