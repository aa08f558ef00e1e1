with records as (
    select * from {{ ref('int_cla_record') }}
),

corrections as (
    select * from {{ ref('int_cla_corrected_start') }}
),

bounds as (
    select * from {{ ref('int_cla_earliest_care') }}
),

-- A start that a later year corrects makes one episode of two records: the latest
-- year's record with its start, seen since the first.
chained as (
    select
        records.*,
        row_number() over (
            partition by records.pupil_id, corrections.episode_number
            order by records.last_seen_year desc nulls last
        ) as recency,
        min(records.first_seen_year) over same_episode as first_year_of_any_start,
        sum(records.n_yearly_rows) over same_episode as n_rows_of_any_start,
        count(*) over same_episode > 1 as is_start_corrected
    from records
    inner join corrections
        on
            records.pupil_id = corrections.pupil_id
            and records.episode_start_date = corrections.episode_start_date
            and records.record_number = corrections.record_number
    window same_episode as (partition by records.pupil_id, corrections.episode_number)
),

checked as (
    select
        chained.*,
        bounds.earliest_care_date,
        coalesce(chained.episode_end_date < chained.episode_start_date, false)
            as is_end_before_start,
        coalesce(chained.episode_start_date < bounds.earliest_care_date, false)
            as is_start_too_early
    from chained
    left join bounds on chained.pupil_id = bounds.pupil_id
    where chained.recency = 1
),

-- The key of a start's first record does not depend on whether there is a second.
final as (
    select
        case
            when record_number = 1
                then {{ hash_key(['pupil_id', 'episode_start_date']) }}
            else {{ hash_key(['pupil_id', 'episode_start_date', 'record_number']) }}
        end as care_episode_id,
        pupil_id,
        episode_start_date,
        record_number,
        last_seen_year,
        is_censored,
        recorded_end_date,
        reason_episode_ceased_code,
        period_of_care_length,
        episode_end_date,
        placement_code,
        legal_status_code,
        category_of_need_code,
        local_authority_code,
        reason_new_episode_code,
        period_of_care_start_date,
        first_year_of_any_start as first_seen_year,
        cast(n_rows_of_any_start as integer) as n_yearly_rows,
        is_start_corrected,
        is_placement_code_disputed,
        is_legal_status_code_disputed,
        is_category_of_need_code_disputed,
        is_end_before_start,
        is_start_too_early,
        earliest_care_date,
        case
            when not is_end_before_start and not is_start_too_early
                then {{ days_between('episode_start_date', 'episode_end_date') }}
        end as duration_days,
        {{ is_short_break('legal_status_code') }} as is_short_break
    from checked
)

select * from final
