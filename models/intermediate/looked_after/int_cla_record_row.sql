with sightings as (
    select * from {{ ref('int_cla_sighting') }}
    where exclusion_reason is null
),

releases as (
    select * from {{ ref('int_cla_release') }}
),

reasons as (
    select
        code,
        end_rank
    from {{ ref('reason_episode_ceased') }}
),

-- A row shows its episode as open, or as ended on a day. A row without an authority
-- belongs to the authority of the other rows of that start and year.
stated as (
    select
        sightings.*,
        case when not sightings.is_open_31_march then sightings.recorded_end_date end
            as known_end_date,
        case when not sightings.is_open_31_march then reasons.end_rank end as end_rank,
        coalesce(
            sightings.local_authority_code,
            min(sightings.local_authority_code) over same_year,
            ''
        ) as authority
    from sightings
    left join reasons on sightings.reason_episode_ceased_code = reasons.code
    window same_year as (
        partition by
            sightings.pupil_id, sightings.episode_start_date, sightings.reporting_year
    )
),

compared as (
    select
        *,
        min(authority) over same_year <> max(authority) over same_year
            as has_two_authorities,
        min(end_rank) over same_end as record_end_rank
    from stated
    window
        same_year as (partition by pupil_id, episode_start_date, reporting_year),
        same_end as (
            partition by
                pupil_id, episode_start_date, reporting_year, authority, known_end_date
        )
),

-- Where two authorities report one start in the same year, the rows of each authority
-- are records of their own in every year. A release with the latest episode of a year
-- only can hold one episode of a start, so there all rows compete.
divided as (
    select
        compared.*,
        releases.is_every_episode_shown,
        case
            when
                releases.is_every_episode_shown
                and bool_or(compared.has_two_authorities) over (
                    partition by compared.pupil_id, compared.episode_start_date
                )
                then compared.authority
            else 'main'
        end as record_authority
    from compared
    cross join releases
),

-- The record that leads its year is open, or ends last. Of two authorities with the
-- same end, the one whose reason ends the period of care leads.
ranked as (
    select
        *,
        dense_rank() over (
            partition by
                pupil_id, episode_start_date, record_authority, reporting_year
            order by
                is_open_31_march desc,
                known_end_date desc nulls last,
                record_end_rank asc nulls last,
                authority asc
        ) = 1 as is_leading
    from divided
),

-- A leading record continues the leading record of the year before. An ended record
-- behind the leading one (the first half of a move within one day) never changes: rows
-- with the same end are copies of it, in any year.
final as (
    select
        *,
        is_leading or is_every_episode_shown as is_used,
        case
            when
                is_every_episode_shown
                and bool_or(not is_leading) over (
                    partition by
                        pupil_id, episode_start_date, record_authority, known_end_date
                )
                then record_authority || '|' || cast(known_end_date as string)
            else record_authority
        end as record_mark
    from ranked
)

select * from final
