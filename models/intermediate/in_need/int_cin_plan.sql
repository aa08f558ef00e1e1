with starts as (
    select * from {{ ref('int_cin_plan_start') }}
),

-- Each start is a plan, even in the same referral, unless a later year corrected it.
folded as (
    select
        pupil_id,
        referral_mark,
        cpp_start_date,
        {{ latest_value('end_or_open_date', 'last_academic_year', 'date', 'true') }}
            as end_or_open_date,
        min(first_academic_year) as first_academic_year,
        max(last_academic_year) as last_academic_year,
        bool_or(is_corrected) as is_start_corrected,
        cast(sum(n_yearly_rows) as integer) as n_yearly_rows
    from starts
    group by pupil_id, referral_mark, cpp_start_date
),

final as (
    select
        {{ hash_key(['pupil_id', 'referral_mark', 'cpp_start_date']) }} as plan_id,
        {{ hash_key(['pupil_id', 'referral_mark']) }} as referral_id,
        pupil_id,
        cpp_start_date,
        nullif(end_or_open_date, cast('9999-12-31' as date)) as cpp_end_date,
        is_start_corrected,
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
