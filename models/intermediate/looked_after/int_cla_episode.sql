with sightings as (
    select * from {{ ref('int_cla_sighting') }}
    where exclusion_reason is null
),

-- The same episode is delivered again in every year that it is open, so yearly rows
-- must never be added up. The latest year knows most. Within one year an ended episode
-- knows more than an open one; what is left of the order only makes sure that the order
-- of rows in a file never decides.
ordered as (
    select
        *,
        row_number() over (
            partition by pupil_id, episode_start_date
            order by
                reporting_year desc nulls last,
                is_open_31_march asc,
                recorded_end_date desc nulls last,
                reason_episode_ceased_code asc nulls last,
                placement_code asc nulls last,
                legal_status_code asc nulls last,
                category_of_need_code asc nulls last,
                local_authority_code asc nulls last,
                reason_new_episode_code asc nulls last,
                period_of_care_start_date asc nulls last,
                period_of_care_length asc nulls last
        ) as recency
    from sightings
),

-- How the episode stands: its end, the reason for it and the length up to it belong
-- together, so all come from the latest row.
latest as (
    select
        pupil_id,
        episode_start_date,
        reporting_year as last_seen_year,
        is_open_31_march as is_censored,
        recorded_end_date,
        reason_episode_ceased_code,
        period_of_care_length,
        case
            when is_open_31_march then reporting_year_end_date
            else recorded_end_date
        end as episode_end_date
    from ordered
    where recency = 1
),

-- What the episode was: a blank is no value, so the latest year that says something
-- wins.
described as (
    select
        pupil_id,
        episode_start_date,
        {{ latest_known('placement_code', 'recency') }} as placement_code,
        {{ latest_known('legal_status_code', 'recency') }} as legal_status_code,
        {{ latest_known('category_of_need_code', 'recency') }} as category_of_need_code,
        {{ latest_known('local_authority_code', 'recency') }} as local_authority_code,
        {{ latest_known('reason_new_episode_code', 'recency') }}
            as reason_new_episode_code,
        {{ latest_known('period_of_care_start_date', 'recency') }}
            as period_of_care_start_date,
        min(reporting_year) as first_seen_year,
        cast(count(*) as integer) as n_yearly_rows,
        {{ is_disputed('placement_code') }} as is_placement_code_disputed,
        {{ is_disputed('legal_status_code') }} as is_legal_status_code_disputed,
        {{ is_disputed('category_of_need_code') }} as is_category_of_need_code_disputed
    from ordered
    group by pupil_id, episode_start_date
),

joined as (
    select
        latest.*,
        described.placement_code,
        described.legal_status_code,
        described.category_of_need_code,
        described.local_authority_code,
        described.reason_new_episode_code,
        described.period_of_care_start_date,
        described.first_seen_year,
        described.n_yearly_rows,
        described.is_placement_code_disputed,
        described.is_legal_status_code_disputed,
        described.is_category_of_need_code_disputed,
        coalesce(latest.episode_end_date < latest.episode_start_date, false)
            as is_end_before_start
    from latest
    inner join described
        on
            latest.pupil_id = described.pupil_id
            and latest.episode_start_date = described.episode_start_date
),

final as (
    select
        {{ hash_key(['pupil_id', 'episode_start_date']) }} as care_episode_id,
        *,
        case
            when not is_end_before_start
                then {{ days_between('episode_start_date', 'episode_end_date') }}
        end as duration_days,
        {{ is_short_break('legal_status_code') }} as is_short_break
    from joined
)

select * from final
