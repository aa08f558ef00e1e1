with cin as (
    select
        *,
        {{ is_need_episode('is_referral_nfa', 'reason_for_closure_code') }}
            as is_need_episode
    from {{ ref('stg_cin') }}
    where pupil_id is not null
),

-- Few rows share their pupil, date and year, so what follows costs little.
repeated as (
    select
        pupil_id,
        referral_date,
        academic_year
    from cin
    group by pupil_id, referral_date, academic_year
    having count(*) > 1
),

-- A row without an authority belongs to the authority of the other rows.
repeated_rows as (
    select
        cin._source_file,
        cin._source_row,
        cin.pupil_id,
        cin.referral_date,
        cin.academic_year,
        cin.is_need_episode,
        cin.is_referral_nfa,
        cin.closure_date,
        cin.reason_for_closure_code,
        coalesce(
            cin.local_authority_code,
            min(cin.local_authority_code) over (
                partition by cin.pupil_id, cin.referral_date, cin.academic_year
            ),
            ''
        ) as authority
    from cin
    inner join repeated
        on
            cin.pupil_id = repeated.pupil_id
            and cin.referral_date is not distinct from repeated.referral_date
            and cin.academic_year is not distinct from repeated.academic_year
),

compared as (
    select
        *,
        referral_date is not null
        and min(authority) over same_year <> max(authority) over same_year
        and (
            min(is_need_episode) over same_year <> max(is_need_episode) over same_year
            or (
                count(closure_date) over same_year > 0
                and count(closure_date) over same_year < count(*) over same_year
            )
            or min(closure_date) over same_year <> max(closure_date) over same_year
        ) as has_two_referrals
    from repeated_rows
    window same_year as (partition by pupil_id, referral_date, academic_year)
),

-- Two authorities that differ in more than their code have a referral each.
shared as (
    select
        *,
        bool_or(coalesce(has_two_referrals, false)) over (
            partition by pupil_id, referral_date
        ) as is_shared_date
    from compared
),

-- Of rows that contradict each other, one holds: a child who is in need before one who
-- is not, then an open case, then the later closure. A reason without a date is a
-- closure as well.
final as (
    select
        *,
        dense_rank() over (
            partition by
                pupil_id,
                referral_date,
                academic_year,
                case when is_shared_date then authority end
            order by
                is_need_episode desc,
                (closure_date is null and reason_for_closure_code is null) desc,
                closure_date desc nulls first,
                is_referral_nfa asc nulls last,
                reason_for_closure_code asc nulls last,
                authority asc
        ) = 1 as is_used
    from shared
)

select * from final
