{{ config(materialized='view') }}
-- Remand follows an offence, so it does not count as contact. A period of care counts
-- from its delivered start, or from the first other episode if it began with a remand.
with periods as (
    select
        episodes.pupil_id,
        stays.period_number,
        min(episodes.episode_start_date) filter (
            where episodes.legal_status_code = 'J1'
        ) as remand_date,
        min(episodes.episode_start_date) filter (
            where coalesce(episodes.legal_status_code, '') <> 'J1'
        ) as episode_date,
        min(coalesce(stays.care_start_date, episodes.episode_start_date)) filter (
            where coalesce(episodes.legal_status_code, '') <> 'J1'
        ) as period_date
    from {{ without_catalog(ref('int_cla_episode')) }} as episodes
    left join {{ without_catalog(ref('int_cla_episode_period')) }} as stays
        on episodes.care_episode_id = stays.care_episode_id
    group by episodes.pupil_id, stays.period_number
),

final as (
    select
        pupil_id,
        case when remand_date <= episode_date then episode_date else period_date end
            as earliest_date,
        case when remand_date <= episode_date then episode_date else period_date end
            as latest_date
    from periods
    where episode_date is not null
    union all
    select
        pupil_id,
        {{ earliest_day_in('academic_year') }} as earliest_date,
        {{ latest_day_in('academic_year') }} as latest_date
    from {{ without_catalog(ref('int_cla_sighting')) }}
    where
        pupil_id is not null
        and episode_start_date is null
        and coalesce(legal_status_code, '') <> 'J1'
)

select * from final
