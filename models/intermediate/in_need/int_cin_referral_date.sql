with cin as (
    select * from {{ ref('stg_cin') }}
    where pupil_id is not null
),

shared_dates as (
    select distinct
        pupil_id,
        referral_date
    from {{ ref('int_cin_repeated_row') }}
    where is_shared_date
),

-- Only a child with two dates, or with a date and a blank, can have a corrected one.
candidates as (
    select pupil_id
    from cin
    group by pupil_id
    having
        min(referral_date) <> max(referral_date)
        or (count(referral_date) > 0 and count(referral_date) < count(*))
),

final as (
    select
        cin.pupil_id,
        {{ referral_mark('cin') }} as referral_mark,
        cin.referral_date,
        cast(count(*) as integer) as n_rows,
        min(cin.academic_year_end) as first_year,
        max(cin.academic_year_end) as last_year,
        max(cin.closure_date) as closure_date,
        bool_or(coalesce(cin.is_referral_nfa, false)) as is_referral_nfa,
        max(cin.local_authority_code) as local_authority_code,
        max(cin.primary_need_code) as primary_need_code,
        max(cin.referral_source_code) as referral_source_code
    from cin
    inner join candidates on cin.pupil_id = candidates.pupil_id
    where
        not exists (
            select 1
            from shared_dates
            where
                shared_dates.pupil_id = cin.pupil_id
                and shared_dates.referral_date = cin.referral_date
        )
    group by cin.pupil_id, {{ referral_mark('cin') }}, cin.referral_date
)

select * from final
