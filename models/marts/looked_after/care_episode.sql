with episodes as (
    select * from {{ ref('int_cla_episode') }}
),

placements as (
    select * from {{ ref('placement') }}
),

legal_statuses as (
    select * from {{ ref('legal_status') }}
),

reasons as (
    select * from {{ ref('reason_episode_ceased') }}
),

needs as (
    select * from {{ ref('category_of_need') }}
),

releases as (
    select * from {{ ref('int_cla_release') }}
),

-- A code that is not listed keeps its code and has no label; quality.code_list_breaches
-- counts it. The reason why an episode ended has a label only once the episode ended,
-- or where it is that the child is still looked after.
final as (
    select
        episodes.care_episode_id,
        episodes.pupil_id,
        episodes.episode_start_date,
        episodes.episode_end_date,
        episodes.recorded_end_date,
        episodes.duration_days,
        episodes.is_censored,
        episodes.is_end_before_start,
        episodes.is_start_too_early,
        episodes.is_short_break,
        episodes.placement_code,
        placements.label as placement_label,
        placements.published_group as placement_group,
        placements.foster_carer_type,
        episodes.legal_status_code,
        legal_statuses.label as legal_status_label,
        legal_statuses.published_group as legal_status_group,
        episodes.reason_episode_ceased_code,
        ended.label as reason_episode_ceased_label,
        ended.published_group as reason_episode_ceased_group,
        episodes.category_of_need_code,
        needs.label as category_of_need_label,
        episodes.period_of_care_start_date,
        episodes.local_authority_code,
        episodes.first_seen_year,
        episodes.last_seen_year,
        episodes.n_yearly_rows,
        releases.is_every_episode_shown
    from episodes
    cross join releases
    left join placements on episodes.placement_code = placements.code
    left join legal_statuses on episodes.legal_status_code = legal_statuses.code
    left join reasons as ended
        on
            episodes.reason_episode_ceased_code = ended.code
            and (not episodes.is_censored or ended.code = '-10')
    left join needs on episodes.category_of_need_code = needs.code
)

select * from final
