-- The start and the end of a plan come from one row. Another start is another plan,
-- also in the same referral.
with plan_rows as (
    select
        pupil_id,
        referral_mark,
        academic_year,
        cpp_start_date,
        cpp_end_date
    from {{ ref('int_cin_referral_row') }}
    where is_used and cpp_start_date is not null
),

-- Of two ends that one year gives, no end holds before an end, and the later one.
folded as (
    select
        pupil_id,
        referral_mark,
        cpp_start_date,
        {{ latest_value(
            "coalesce(cpp_end_date, cast('9999-12-31' as date))", 'academic_year', 'date', 'true'
        ) }} as end_or_open_date,
        min(academic_year) as first_academic_year,
        max(academic_year) as last_academic_year,
        cast(count(*) as integer) as n_yearly_rows
    from plan_rows
    group by pupil_id, referral_mark, cpp_start_date
),

final as (
    select
        {{ hash_key(['pupil_id', 'referral_mark', 'cpp_start_date']) }} as plan_id,
        {{ hash_key(['pupil_id', 'referral_mark']) }} as referral_id,
        pupil_id,
        cpp_start_date,
        nullif(end_or_open_date, cast('9999-12-31' as date)) as cpp_end_date,
        first_academic_year,
        last_academic_year,
        n_yearly_rows,
        cast(row_number() over same_referral as integer) as plan_number,
        lead(cpp_start_date) over same_referral is null as is_latest
    from folded
    window same_referral as (
        partition by pupil_id, referral_mark order by cpp_start_date
    )
)

select * from final
