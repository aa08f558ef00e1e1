with cla as (
    select * from {{ ref('stg_cla') }}
    where pupil_id is null and reporting_year is not null
),

-- Nothing shows which rows without a pupil reference belong to one child, but an exact
-- copy of a row is the same child in the same year.
delivered as (
    select distinct
        moj_uid,
        reporting_year,
        period_of_care_start_date,
        episode_start_date,
        episode_end_date,
        placement_code,
        legal_status_code,
        category_of_need_code,
        local_authority_code,
        reason_episode_ceased_code,
        reason_new_episode_code,
        is_looked_after_31_march
    from cla
),

final as (
    select
        reporting_year,
        {{ is_short_break('legal_status_code') }} as is_short_break,
        coalesce(is_looked_after_31_march, false) as is_looked_after_31_march,
        -- The start date of the period decides where no reason for the new episode was
        -- delivered.
        coalesce(
            reason_new_episode_code = 'S',
            {{ reporting_year_of('period_of_care_start_date') }} = reporting_year,
            false
        ) as is_start,
        -- X1: the next episode begins on the same day. -10: still looked after.
        coalesce(reason_episode_ceased_code not in ('X1', '-10'), false) as is_end,
        coalesce(reason_episode_ceased_code in ('E11', 'E12'), false) as is_adoption
    from delivered
)

select * from final
